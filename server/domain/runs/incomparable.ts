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

type Pair = { before: Result | undefined; after: Result | undefined };
type Runs = { before: { clusterId: string }; after: { clusterId: string } };

/** A finding that is missing counts as fixed only where the check surely would have found it again. */
export function incomparable({ before, after }: Pair, runs: Runs): Incomparable | null {
  if (!after) return "only-before";
  if (!before) return "only-after";
  if (before.verdict === null || after.verdict === null) return "not-finished";
  if (runs.before.clusterId !== runs.after.clusterId) return "different-cluster";
  if (before.checkVersion !== after.checkVersion) return "different-version";
  if (!isDeepStrictEqual(before.params, after.params)) return "different-params";
  if (!isFullyRead(before) || !isFullyRead(after)) return "not-read-fully";
  return (before.verdict === "skip") === (after.verdict === "skip") ? null : "skipped";
}

/** An optional part may be missing without a doubt about the rest. A skipped check had nothing to read. */
function isFullyRead(result: Result): boolean {
  if (result.reason !== null && result.verdict === "unknown") return false;
  if (result.verdict === "skip") return true;
  const coverage = z.array(coverageSchema).parse(result.coverage);
  return coverage.every((part) => part.missing.length === 0 || part.optional === true);
}
