import { Fields } from "./read-fields.ts";
import type { ParamSpec } from "./spec.ts";

const types = ["string", "integer", "number", "boolean", "enum"] as const;
const keys = ["type", "default", "options", "minimum", "maximum", "label", "help", "unit"];
const namePattern = /^[a-z][a-zA-Z0-9]{0,39}$/;
const mostParams = 20;
const mostOptions = 50;
const mostCharacters = 500;
/** Words of the expression language, and names that JavaScript gives a meaning of its own. */
const reserved = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while constructor prototype has size type".split(
    " ",
  ),
);

export function readParams(fields: Fields): ParamSpec[] {
  const { problems } = fields;
  const written = fields.field("params");
  if (!written) return [];
  if (written.tree.type !== "map") {
    problems.add(written.tree.at, "not-a-map", { key: "params" });
    return [];
  }
  if (written.tree.entries.size > mostParams) {
    problems.add(written.tree.at, "too-many", { key: "params", most: mostParams });
    return [];
  }
  return [...written.tree.entries].flatMap(([name, { keyAt, tree }]) => {
    if (!namePattern.test(name)) problems.add(keyAt, "pattern", { key: "params", value: name });
    else if (reserved.has(name)) problems.add(keyAt, "param-reserved", { name });
    const own = Fields.of(tree, name, { problems, allowed: keys });
    return (own && readParam(name, own)) ?? [];
  });
}

function readParam(name: string, fields: Fields): ParamSpec | undefined {
  const type = fields.choice("type", types) ?? (fields.has("type") ? undefined : "string");
  const options = readOptions(fields);
  const minimum = fields.number("minimum", { least: -1e12, most: 1e12 });
  const maximum = fields.number("maximum", { least: -1e12, most: 1e12 });
  const labels = {
    label: fields.words("label", 200),
    help: fields.words("help", 500),
    unit: fields.text("unit", { most: 40 }),
  };
  const standard = fields.field("default", true);
  if (!type || !standard) return undefined;
  const value = standard.tree.type === "scalar" ? standard.tree.value : null;
  const spec = { name, type, options, minimum, maximum };
  if (value !== null && fits(value, spec)) return { ...spec, ...labels, default: value };
  fields.problems.add(standard.tree.at, "param-default", { name, type });
  return undefined;
}

function readOptions(fields: Fields): string[] | undefined {
  const list = fields.list("options", mostOptions);
  return list?.items.flatMap((item) => fields.textOf(item, "options", mostCharacters)?.value ?? []);
}

function fits(value: string | number | boolean, spec: Omit<ParamSpec, "default">): boolean {
  const { type, options = [], minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = spec;
  if (type === "boolean") return typeof value === "boolean";
  if (type === "enum") return typeof value === "string" && options.includes(value);
  if (type === "string") return typeof value === "string" && value.length <= mostCharacters;
  if (typeof value !== "number" || (type === "integer" && !Number.isSafeInteger(value))) return false;
  return value >= minimum && value <= maximum;
}
