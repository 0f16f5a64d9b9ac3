import type { z } from "zod";
import { AppError } from "../errors.ts";

/** A place in a list, opaque to whoever holds it. It says only where to go on; scope is never taken from it. */
export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

export function decodeCursor<S extends z.ZodType>(
  schema: S,
  cursor: string | null | undefined,
): z.output<S> | null {
  if (!cursor) return null;
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (!parsed.success) throw new AppError("invalid", "cursor-invalid");
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
