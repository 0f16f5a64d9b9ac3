import type { CheckStateView, RunbookSummary } from "#common/contracts/runbook.ts";
import { type Counts, countsSchema, noCounts } from "#common/result.ts";
import { type Verdict, worstVerdict } from "#common/verdict.ts";
import type { TeamContext } from "../context.ts";

type ClusterName = { id: string; slug: string; name: string };
type Proven = RunbookSummary["lastProven"];

/** The targets of a cluster on which a check says the same by now, however many there are. */
export type StateGroup = {
  clusterId: string;
  checkId: string;
  verdict: Verdict;
  targets: number;
  /** findings of all of them */
  counts: Counts;
  /** of the newest of them */
  checkedAt: Date;
  checkedBy: string;
  runId: string;
};

/** A page tells single targets apart up to this many, the worst first. */
const mostTargets = 200;

/** The newest verdicts of some checks on the team's clusters, newest first, and those clusters by id. */
export async function readStates(
  ctx: TeamContext,
  checkIds?: string[],
): Promise<{
  clusters: (ClusterName & { practice: boolean; production: boolean })[];
  states: StateGroup[];
}> {
  const clusters = await ctx.db.cluster.findMany({
    where: { teamId: ctx.team.id, removedAt: null },
    select: { id: true, slug: true, name: true, practice: true, production: true },
    orderBy: [{ practice: "asc" }, { name: "asc" }, { id: "asc" }],
  });
  const ids = clusters.map((cluster) => cluster.id);
  const states = await ctx.db.$queryRaw<StateGroup[]>`
    SELECT "clusterId", "checkId", verdict, count(*)::int AS targets, max("checkedAt") AS "checkedAt",
      (array_agg("checkedBy" ORDER BY "checkedAt" DESC))[1] AS "checkedBy",
      (array_agg("runId" ORDER BY "checkedAt" DESC))[1] AS "runId",
      jsonb_build_object(
        'pass', coalesce(sum((counts ->> 'pass')::int), 0), 'warn', coalesce(sum((counts ->> 'warn')::int), 0),
        'fail', coalesce(sum((counts ->> 'fail')::int), 0), 'skip', coalesce(sum((counts ->> 'skip')::int), 0),
        'unknown', coalesce(sum((counts ->> 'unknown')::int), 0)) AS counts
    FROM check_state
    WHERE "teamId" = ${ctx.team.id}::uuid AND "clusterId" = ANY(${ids}::uuid[])
      AND (${checkIds === undefined} OR "checkId" = ANY(${checkIds ?? []}))
    GROUP BY "clusterId", "checkId", verdict
    ORDER BY max("checkedAt") DESC, "checkId"`;
  return { clusters, states };
}

const storedCounts = countsSchema.catch(noCounts);

type TargetState = Omit<CheckStateView, "counts"> & { counts: unknown };

/** The newest verdict of each target of a cluster, the worst first. */
export async function readTargetStates(
  ctx: TeamContext,
  { clusterId, checkIds }: { clusterId: string; checkIds: string[] },
): Promise<CheckStateView[]> {
  const rows = await ctx.db.$queryRaw<TargetState[]>`
    SELECT "checkId", target, verdict, "previousVerdict", counts, "checkedAt", "changedAt", "checkedBy", "runId", "resultId"
    FROM check_state
    WHERE "teamId" = ${ctx.team.id}::uuid AND "clusterId" = ${clusterId}::uuid AND "checkId" = ANY(${checkIds})
    ORDER BY array_position('{fail,unknown,warn,pass,skip}'::verdict[], verdict), "checkedAt" DESC, "checkId", target
    LIMIT ${mostTargets}`;
  return rows.map((row) => ({ ...row, counts: storedCounts.parse(row.counts) }));
}

/** Where and when a runbook was last tried, and what all its newest verdicts there come to. `states`: newest first. */
export function lastProvenOf(states: readonly StateGroup[], clusters: readonly ClusterName[]): Proven {
  const [newest] = states;
  const cluster = clusters.find((each) => each.id === newest?.clusterId);
  if (!newest || !cluster) return null;
  const there = states.filter((state) => state.clusterId === cluster.id);
  return {
    verdict: worstVerdict(there.map((state) => state.verdict)),
    at: newest.checkedAt,
    by: newest.checkedBy,
    cluster: { slug: cluster.slug, name: cluster.name },
    runId: newest.runId,
  };
}
