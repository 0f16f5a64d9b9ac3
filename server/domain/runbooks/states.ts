import type { CheckStateView, RunbookSummary } from "#common/contracts/runbook.ts";
import { worstVerdict } from "#common/verdict.ts";
import type { CheckState } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { toCounts } from "../runs/views.ts";

type ClusterName = { id: string; slug: string; name: string };
type Proven = RunbookSummary["lastProven"];

/** The newest verdicts of some checks on the team's clusters, newest first, and those clusters by id. */
export async function readStates(ctx: TeamContext, checkIds?: string[]) {
  const clusters = await ctx.db.cluster.findMany({
    where: { teamId: ctx.team.id, removedAt: null },
    select: { id: true, slug: true, name: true, practice: true, production: true },
    orderBy: [{ practice: "asc" }, { name: "asc" }, { id: "asc" }],
  });
  const states = await ctx.db.checkState.findMany({
    where: {
      teamId: ctx.team.id,
      clusterId: { in: clusters.map((cluster) => cluster.id) },
      checkId: checkIds && { in: checkIds },
    },
    orderBy: [{ checkedAt: "desc" }, { checkId: "asc" }, { target: "asc" }],
  });
  return { clusters, states };
}

export function toStateView(state: CheckState): CheckStateView {
  const { checkId, target, verdict, previousVerdict, checkedAt, changedAt, checkedBy, runId, resultId } =
    state;
  return {
    checkId,
    target,
    verdict,
    previousVerdict,
    counts: toCounts(state.counts),
    checkedAt,
    changedAt,
    checkedBy,
    runId,
    resultId,
  };
}

/** Where and when a runbook was last tried, and what all its newest verdicts there come to. `states`: newest first. */
export function lastProvenOf(states: CheckState[], clusters: ClusterName[]): Proven {
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
