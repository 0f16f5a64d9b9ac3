import type { CheckTrend } from "#common/contracts/trend.ts";
import type { Verdict } from "#common/verdict.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { timeOfId } from "../id-time.ts";

const mostRuns = 20;
/** Rows looked at: a run over many hosts has one for each, and the strip is then shorter. */
const mostRows = 2_000;

/** The last runs that asked a check on a cluster, without those that judged old facts again. */
export async function readTrend({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string; check: string };
}): Promise<CheckTrend> {
  const { id: clusterId } = await findCluster(ctx, input.cluster);
  const rows = await ctx.db.$queryRaw<{ runId: string; verdict: Verdict }[]>`
    SELECT "runId", (array_agg(verdict ORDER BY array_position('{fail,unknown,warn,pass,skip}'::verdict[], verdict)))[1] AS verdict
    FROM (
      SELECT "runId", verdict FROM result
      WHERE "teamId" = ${ctx.team.id}::uuid AND "clusterId" = ${clusterId}::uuid AND "checkId" = ${input.check}
        AND verdict IS NOT NULL AND "factsRunId" IS NULL
      ORDER BY "runId" DESC LIMIT ${mostRows}
    ) AS newest
    GROUP BY "runId" ORDER BY "runId" DESC LIMIT ${mostRuns}`;
  return rows.map((row) => ({ ...row, at: timeOfId(row.runId) }));
}
