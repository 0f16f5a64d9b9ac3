import { z } from "zod";

export type JsonSchema = Record<string, unknown>;

type Override = Parameters<typeof z.toJSONSchema>[1] extends infer P ? NonNullable<P> : never;

/** A moment is text on the wire. */
const override = (({ zodSchema, jsonSchema }) => {
  if (zodSchema._zod.def.type !== "date") return;
  Object.assign(jsonSchema, { type: "string", format: "date-time" });
}) satisfies Override["override"];

/** Schemas of output under their names, with references where one holds another. More fields may come. */
export function namedSchemas(schemas: Record<string, z.ZodType>): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const all = z.toJSONSchema(registry, {
    ...{ io: "output", unrepresentable: "any", uri: (id) => `#/components/schemas/${id}` },
    override: (context) => {
      override(context);
      if (context.jsonSchema.additionalProperties === false) delete context.jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(Object.entries(all.schemas).map(([id, schema]) => [id, bare(schema)]));
}

/** What a client may send. */
export function schemaOfInput(schema: z.ZodType): JsonSchema {
  return bare(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", override }));
}

/** The document names the dialect once, and a schema by its place. */
function bare({ $schema: _, $id: __, id: ___, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
