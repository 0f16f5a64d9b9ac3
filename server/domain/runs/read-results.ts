import type { ResultGroup, ResultView } from "#common/contracts/run.ts";
import { mostResultsAtOnce } from "#common/most-results.ts";
import { noCounts } from "#common/result.ts";
import type { TeamContext } from "../context.ts";
import { clusterNames } from "./find-run.ts";
import { toResultView } from "./views.ts";

type Results = { total: number; groups: ResultGroup[]; results: ResultView[] };
type RunPlace = { id: string; clusterIds: readonly string[] };

/**
 * What of a run's results changed after `since`: the results, or where there are too many of them the sums per cluster
 * and check.
 */
export async function readResults(ctx: TeamContext, run: RunPlace, since = -1): Promise<Results> {
  const total = await ctx.db.result.count({ where: { runId: run.id } });
  const names = await clusterNames(ctx, run.clusterIds);
  const slugOf = (id: string) => names.get(id)?.slug ?? id;
  if (total > mostResultsAtOnce) {
    return { total, groups: await readGroups(ctx, run.id, { since, slugOf }), results: [] };
  }
  const rows = await ctx.db.result.findMany({
    where: { runId: run.id, seq: { gt: since } },
    orderBy: [{ part: "asc" }, { ordinal: "asc" }],
  });
  return { total, groups: [], results: rows.map((row) => toResultView(row, slugOf(row.clusterId))) };
}

async function readGroups(
  ctx: TeamContext,
  runId: string,
  { since, slugOf }: { since: number; slugOf: (clusterId: string) => string },
): Promise<ResultGroup[]> {
  const rows = await ctx.db.result.groupBy({
    by: ["clusterId", "checkId", "verdict"],
    where: { runId },
    _count: true,
    _max: { seq: true },
    _min: { part: true },
    orderBy: [{ _min: { part: "asc" } }, { checkId: "asc" }],
  });
  const groups = new Map<string, ResultGroup & { seq: number }>();
  for (const { clusterId, checkId, verdict, _count, _max } of rows) {
    const key = `${clusterId} ${checkId}`;
    const fresh = { cluster: slugOf(clusterId), checkId, total: 0, verdicts: { ...noCounts }, seq: 0 };
    const group = groups.get(key) ?? fresh;
    group.total += _count;
    if (verdict) group.verdicts[verdict] += _count;
    group.seq = Math.max(group.seq, _max.seq ?? 0);
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ seq }) => seq > since).map(({ seq: _, ...group }) => group);
}
