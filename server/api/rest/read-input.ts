import { ZodError, z } from "zod";
import { fieldsOf } from "#server/domain/parse.ts";
import { AppError } from "#server/errors.ts";
import { isStorable } from "../storable-input.ts";

/** Refuses with the name of every field that is wrong, and of one that nobody knows. */
function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  if (!isStorable(value)) throw new AppError("invalid", "invalid");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    if (issue.code !== "unrecognized_keys") continue;
    const name = [...issue.path, issue.keys[0]].join(".");
    throw new AppError("invalid", "body-unknown-field", { values: { name } });
  }
  throw new AppError("invalid", "invalid", { fields: fieldsOf(parsed.error), cause: parsed.error });
}

/** Parts of the path. What cannot be the name of anything names nothing: not found, not invalid. */
export function readParams<S extends z.ZodType>(schema: S | undefined, raw: Record<string, string>) {
  try {
    return parse(schema ?? z.object({}), raw) as z.output<S>;
  } catch (error) {
    if (error instanceof AppError && error.cause instanceof ZodError)
      throw new AppError("not-found", "not-found");
    throw error;
  }
}

export function readQuery<S extends z.ZodObject>(schema: S | undefined, query: URLSearchParams) {
  const known = Object.keys(schema?.shape ?? {});
  const raw: Record<string, string> = {};
  for (const [name, value] of query) {
    if (!known.includes(name)) {
      const values = { name: name.slice(0, 100), known: known.join(", ") || "none" };
      throw new AppError("invalid", "query-unknown", { values });
    }
    if (Object.hasOwn(raw, name)) throw new AppError("invalid", "query-twice", { values: { name } });
    raw[name] = value;
  }
  return parse(schema ?? z.object({}), raw) as z.output<S>;
}

export function readBody<S extends z.ZodType>(schema: S | undefined, text: string) {
  if (!schema) return undefined as z.output<S>;
  return parse(schema, parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", "body-not-json", { cause });
  }
}
