import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { coverageSchema } from "#common/result.ts";
import type { Result } from "#generated/prisma/client.ts";

/** Keys of messages/<locale>/compare.json: why two results say nothing about each other. */
export const incomparableReasons = [
  "only-before",
  "only-after",
  "not-finished",
  "different-cluster",
  "different-version",
  "different-params",
  "not-read-fully",
  "skipped",
] as const;
type Incomparable = (typeof incomparableReasons)[number];

const storedCoverage = z.array(coverageSchema);

type Pair = { before: Result | undefined; after: Result | undefined };

/** A finding that is missing counts as fixed only where the check surely would have found it again. */
export function incomparable({ before, after }: Pair): Incomparable | null {
  if (!after) return "only-before";
  if (!before) return "only-after";
  if (before.verdict === null || after.verdict === null) return "not-finished";
  if (before.clusterId !== after.clusterId) return "different-cluster";
  // Facts that were judged twice may be judged otherwise: that is what is compared.
  const sameFacts = factsOf(before) === factsOf(after);
  if (!sameFacts && before.checkVersion !== after.checkVersion) return "different-version";
  if (!sameFacts && !isDeepStrictEqual(before.params, after.params)) return "different-params";
  if (!isFullyRead(before) || !isFullyRead(after)) return "not-read-fully";
  return (before.verdict === "skip") === (after.verdict === "skip") ? null : "skipped";
}

function factsOf(result: Result): string {
  return result.factsResultId ?? result.id;
}

/** An optional part may be missing without a doubt about the rest. A skipped check had nothing to read. */
export function isFullyRead(result: Result): boolean {
  if (result.reason !== null && result.verdict === "unknown") return false;
  if (result.verdict === "skip") return true;
  const coverage = storedCoverage.parse(result.coverage);
  return coverage.every((part) => part.missing.length === 0 || part.optional === true);
}
