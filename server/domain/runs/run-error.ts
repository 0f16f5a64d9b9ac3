import { reasonSchema } from "#common/result.ts";

/** Why a run failed as a whole, in one line. */
export function runErrorText(stored: unknown): string | null {
  if (stored === null) return null;
  const { what, detail } = reasonSchema.parse(stored);
  return detail ? `${what}: ${detail}` : what;
}
