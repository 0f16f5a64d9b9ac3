import type { Comparison } from "#common/contracts/run.ts";
import { worstVerdict } from "#common/verdict.ts";
import type { Result } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { compareFindings } from "./compare-findings.ts";
import { findPrevious } from "./find-previous.ts";
import { clusterNames, findRun, toSummaries } from "./find-run.ts";
import { incomparable } from "./incomparable.ts";

type CompareRun = { ctx: TeamContext; input: { runId: string; with?: string } };
type ComparedCheck = Comparison["checks"][number];
type RunRow = Awaited<ReturnType<typeof findRun>>;
type Pair = { before: Result | undefined; after: Result | undefined };

/** This run beside an earlier one: the one named, or the newest of the same runbook with these clusters and checks. */
export async function compareRun({ ctx, input }: CompareRun): Promise<Comparison> {
  const after = await findRun(ctx, input.runId);
  const before = input.with === undefined ? await findPrevious(ctx, after) : await findRun(ctx, input.with);
  const [afterSummary, beforeSummary] = await toSummaries(ctx, before ? [after, before] : [after]);
  if (!afterSummary) throw new AppError("not-found", "run-not-found");
  if (!before) return { before: null, after: afterSummary, checks: [] };
  const pairs = await readPairs(ctx, before, after);
  const names = await clusterNames(ctx, [...before.clusterIds, ...after.clusterIds]);
  const slugOf = (id: string) => names.get(id)?.slug ?? id;
  const checks: ComparedCheck[] = [];
  for (const pair of pairs.filter(saysSomething)) checks.push(await compareCheck(ctx, pair, slugOf));
  return { before: beforeSummary ?? null, after: afterSummary, checks: checks.sort(worstFirst) };
}

async function compareCheck(
  ctx: TeamContext,
  pair: Pair,
  slugOf: (clusterId: string) => string,
): Promise<ComparedCheck> {
  const either = pair.after ?? pair.before;
  const shown = {
    cluster: slugOf(either?.clusterId ?? ""),
    checkId: either?.checkId ?? "",
    target: either?.target ?? "",
    before: pair.before?.verdict ?? null,
    after: pair.after?.verdict ?? null,
  };
  const why = incomparable(pair);
  if (why !== null || !pair.before || !pair.after) {
    const counts = { new: 0, fixed: 0, changed: 0, same: 0 };
    return { ...shown, incomparable: why, counts, new: [], fixed: [], changed: [], same: [] };
  }
  const compared = await compareFindings(ctx, { before: pair.before, after: pair.after });
  return { ...shown, incomparable: null, ...compared };
}

/** Results of both runs by cluster, check and target. Runs without a cluster in common are paired by check alone. */
async function readPairs(ctx: TeamContext, before: RunRow, after: RunRow): Promise<Pair[]> {
  const read = (runId: string) =>
    ctx.db.result.findMany({
      where: { runId, teamId: ctx.team.id },
      orderBy: [{ part: "asc" }, { ordinal: "asc" }],
    });
  const comparable = before.clusterIds.some((id) => after.clusterIds.includes(id));
  const keyOf = ({ clusterId, checkId, target }: Result) =>
    comparable ? `${clusterId} ${checkId} ${target}` : checkId;
  const pairs = new Map<string, Pair>();
  for (const result of await read(after.id)) pairs.set(keyOf(result), { before: undefined, after: result });
  for (const result of await read(before.id)) {
    pairs.set(keyOf(result), { before: result, after: pairs.get(keyOf(result))?.after });
  }
  return [...pairs.values()];
}

/** A check that one run skipped and the other did not ask is no news. */
function saysSomething({ before, after }: Pair): boolean {
  return (before ?? after)?.verdict !== "skip" || (before !== undefined && after !== undefined);
}

/** What got worse first, then what cannot be compared, then what got better. */
function worstFirst(a: ComparedCheck, b: ComparedCheck): number {
  return weight(b) - weight(a);
}

function weight(check: ComparedCheck): number {
  if (check.counts.new > 0)
    return worstVerdict(check.new.map((finding) => finding.verdict)) === "fail" ? 5 : 4;
  if (check.counts.changed > 0) return 3;
  if (check.incomparable !== null) return 2;
  return check.counts.fixed > 0 ? 1 : 0;
}
