import type { Overview } from "#common/contracts/runbook.ts";
import type { Verdict } from "#common/verdict.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { TeamContext } from "../context.ts";
import type { Runbooks } from "../runbooks/load-runbooks.ts";

const most = 20;

type Change = {
  clusterId: string;
  checkId: string;
  from: Verdict | null;
  to: Verdict;
  targets: number;
  at: Date;
  by: string;
  runId: string;
};

/** Verdicts that changed since then, newest first; targets on which a run found the same change are one. */
export async function readChanges(
  ctx: TeamContext,
  since: Date,
  known: {
    clusters: readonly { id: string; slug: string; name: string }[];
    runbooks: Runbooks;
    library: readonly Check[];
  },
): Promise<Overview["changes"]> {
  const ids = known.clusters.map(({ id }) => id);
  const rows = await ctx.db.$queryRaw<Change[]>`
    SELECT "clusterId", "checkId", "previousVerdict" AS "from", verdict AS "to", "runId", min("checkedBy") AS "by",
      count(*)::int AS targets, max("changedAt") AS at
    FROM check_state
    WHERE "teamId" = ${ctx.team.id}::uuid AND "changedAt" >= ${since} AND "clusterId" = ANY(${ids}::uuid[])
    GROUP BY "clusterId", "checkId", "previousVerdict", verdict, "runId"
    ORDER BY max("changedAt") DESC, "checkId", "clusterId"
    LIMIT ${most}`;
  return rows.flatMap(({ clusterId, ...row }) => {
    const cluster = known.clusters.find(({ id }) => id === clusterId);
    if (!cluster) return [];
    const runbook = [...known.runbooks.values()].find(({ texts }) =>
      texts.en.meta.checks.includes(row.checkId),
    );
    const check = known.library.find(({ id }) => id === row.checkId);
    return {
      ...row,
      cluster: { slug: cluster.slug, name: cluster.name },
      runbook: runbook?.slug ?? null,
      checkTitle: check?.title ?? { en: row.checkId, "zh-CN": row.checkId },
    };
  });
}
