import { z } from "zod";
import { reasonSchema } from "#common/result.ts";

const storedSchema = z.union([z.string(), z.object({ message: z.string() }), reasonSchema]);

/** Why a run failed as a whole, in one line. */
export function runErrorText(stored: unknown): string | null {
  if (stored === null || stored === undefined) return null;
  const error = storedSchema.parse(stored);
  if (typeof error === "string") return error;
  if ("message" in error) return error.message;
  return [error.code, error.what, error.detail].filter(Boolean).join(": ");
}
