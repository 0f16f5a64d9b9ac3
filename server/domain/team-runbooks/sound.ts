import type { RunbookMeta } from "#common/contracts/runbook.ts";
import { AppError } from "#server/errors.ts";
import type { VersionChecks } from "./load.ts";
import type { ReadText } from "./read-text.ts";

export type SoundText = ReadText & { meta: Omit<RunbookMeta, "number"> };

/** Only a text without a problem is kept: what is wrong is shown while it is written. */
export function requireSound(read: ReadText): SoundText {
  const { meta } = read;
  const [first] = read.problems;
  if (meta && !first) return { ...read, meta };
  const { line, column } = first ?? { line: 1, column: 1 };
  throw new AppError("invalid", "runbook-has-problems", { values: { line, column } });
}

/** A check that is the same as in the version before keeps its number: its results can still be compared. */
export function toVersionChecks({ checks }: ReadText, before: VersionChecks, number: number): VersionChecks {
  return checks.map(({ spec, hash }) => {
    const same = before.find((each) => each.id === spec.id && each.hash === hash);
    return { id: spec.id, hash, since: same?.since ?? number };
  });
}
