import { z } from "zod";
import type { ParamField } from "#common/contracts/runbook.ts";
import { textSchema } from "#common/text-schema.ts";

const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A property as z.toJSONSchema gives it, with what `param` added. */
const propertySchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: valueSchema.optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  anyOf: z.array(z.record(z.string(), z.unknown())).optional(),
  label: textSchema.optional(),
  help: textSchema.optional(),
  unit: z.string().optional(),
  multiline: z.boolean().optional(),
  placeholder: z.string().optional(),
});
type Property = z.infer<typeof propertySchema>;

/** The form of a check's parameters, in the order of its schema. */
export function paramFields(params: z.ZodObject): ParamField[] {
  const schema = z.toJSONSchema(params, { io: "input", unrepresentable: "any" });
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, described]) =>
    toField(name, propertySchema.parse(described), required.has(name)),
  );
}

/** Parameters to show needs with where some have no default or an empty one: "<name>" stands for what will be typed. */
export function exampleParams(params: z.ZodObject): Record<string, unknown> {
  return Object.fromEntries(
    paramFields(params).map((field) => [
      field.name,
      field.default === "" ? example(field) : (field.default ?? example(field)),
    ]),
  );
}

function toField(name: string, written: Property, required: boolean): ParamField {
  const property = withoutNull(written);
  const safe = Number.MAX_SAFE_INTEGER;
  const minimum = property.minimum ?? property.exclusiveMinimum ?? null;
  const maximum = property.maximum ?? property.exclusiveMaximum ?? null;
  return {
    name,
    label: written.label ?? { en: name, "zh-CN": name },
    help: written.help ?? null,
    unit: written.unit ?? null,
    type: typeOf(property),
    multiline: written.multiline ?? false,
    placeholder: written.placeholder ?? null,
    options: property.enum ?? [],
    default: written.default ?? null,
    required,
    // z.int() bounds itself by what a number can hold exactly: no limit a person needs to read.
    minimum: minimum === -safe ? null : minimum,
    maximum: maximum === safe ? null : maximum,
  };
}

function withoutNull(property: Property): Property {
  const other = property.anyOf?.find((each) => each.type !== "null");
  return other ? propertySchema.parse(other) : property;
}

function typeOf(property: Property): ParamField["type"] {
  if (property.enum) return "enum";
  if (property.type === "integer" || property.type === "number" || property.type === "boolean") {
    return property.type;
  }
  return "string";
}

function example(field: ParamField): unknown {
  if (field.type === "boolean") return false;
  if (field.type === "enum") return field.options[0];
  if (field.type === "string") return `<${field.name}>`;
  return field.minimum ?? 0;
}
