import type { Environment } from "@marcbachmann/cel-js";
import { createTypes, readExpression, subjectOf } from "./cel-environment.ts";
import type { Problems } from "./problems.ts";
import { Fields } from "./read-fields.ts";
import { readParams } from "./read-params.ts";
import { readSource } from "./read-source.ts";
import type { CheckSpec, SourceSpec } from "./spec.ts";
import { readTemplate } from "./template.ts";
import { readYamlTree, type ScalarTree } from "./yaml-tree.ts";

const keys = [
  ...["id", "title", "why", "remedy", "params", "kubernetes", "host", "nagios", "http"],
  ...["when", "expect", "message", "verdict"],
];
export const checkIdPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const maxBytes = 16 * 1024;

/** Where a block's text stands in the runbook's. */
export type Block = { text: string; start: number };

/** Reads one check. Everything that is wrong with it goes to `problems`; then there is no check. */
export function readCheck({ text, start }: Block, problems: Problems): CheckSpec | undefined {
  const before = problems.count;
  if (text.length > maxBytes) {
    problems.add(start, "too-long", { key: "check", most: maxBytes });
    return undefined;
  }
  const tree = readYamlTree(text, start, problems);
  const fields = Fields.of(tree, "check", { problems, allowed: keys });
  if (!fields) return undefined;
  const spec = readSpec(fields);
  return problems.count === before ? spec : undefined;
}

function readSpec(fields: Fields): CheckSpec | undefined {
  const id = fields.text("id", { most: 60, pattern: checkIdPattern }, true);
  const title = fields.words("title", 200, true);
  const why = fields.words("why", 2_000, true);
  const remedy = fields.words("remedy", 2_000, true);
  const params = readParams(fields);
  const verdict = fields.choice("verdict", ["warn", "fail"]) ?? "fail";
  const asked = readSource(fields);
  if (!asked) return undefined;
  const judged = readJudgement(fields, asked, createTypes(subjectOf(asked.source), params));
  if (!id || !title || !why || !remedy) return undefined;
  return { id, title, why, remedy, params, source: asked.source, ...judged, verdict };
}

function readJudgement(
  fields: Fields,
  { source, at }: { source: SourceSpec; at: number },
  types: Environment,
): Pick<CheckSpec, "when" | "expect" | "message"> {
  const refused = refusedKeys[source.type].filter((key) => fields.has(key));
  for (const key of refused) {
    fields.problems.add(fields.field(key)?.keyAt ?? at, "source-without", { source: source.type, key });
  }
  if (source.type === "nagios") return {};
  return {
    when: expression(fields, "when", { types, required: false }),
    expect: expression(fields, "expect", { types, required: true }),
    message: message(fields, types),
  };
}

/** A plugin says itself what it expects, how bad it is, and in which words. */
const refusedKeys: Record<SourceSpec["type"], string[]> = {
  kubernetes: [],
  host: ["when"],
  http: ["when"],
  nagios: ["when", "expect", "message", "verdict"],
};

function expression(
  fields: Fields,
  key: string,
  { types, required }: { types: Environment; required: boolean },
): string | undefined {
  const scalar = booleanAsText(fields, key) ?? fields.scalar(key, 4_000, required);
  if (!scalar) return undefined;
  const read = readExpression(scalar.value, types, "bool");
  if (!("problem" in read)) return scalar.value;
  const { at, code, detail } = read.problem;
  fields.problems.add(scalar.locate(at), code, { detail });
  return undefined;
}

/** `expect: true` is an expression, though YAML takes it for a value. */
function booleanAsText(fields: Fields, key: string): (ScalarTree & { value: string }) | undefined {
  const tree = fields.field(key)?.tree;
  if (tree?.type !== "scalar" || typeof tree.value !== "boolean") return undefined;
  return { ...tree, value: String(tree.value) };
}

function message(fields: Fields, types: Environment): CheckSpec["message"] {
  const both = fields.wordScalars("message", 1_000);
  if (!both) return undefined;
  for (const scalar of both.en === both["zh-CN"] ? [both.en] : [both.en, both["zh-CN"]]) {
    const read = readTemplate(scalar.value, types);
    if (!("problem" in read)) continue;
    const { at, code, detail } = read.problem;
    fields.problems.add(scalar.locate(at), code, { detail });
  }
  return { en: both.en.value, "zh-CN": both["zh-CN"].value };
}
