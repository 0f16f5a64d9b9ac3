import type { Verdict } from "#common/verdict.ts";
import type { TeamContext } from "../context.ts";

const mostRuns = 12;
/**
 * Rows looked at of a cluster: a run over many hosts has a part for each hundred, and the strip is then shorter. A run
 * with a part beyond them is left out: what only some of its parts say may be better than what it came to.
 */
const mostParts = 60;

/**
 * What the last runs on each cluster came to there, oldest first, without those that judged old facts again. Each run is
 * looked up by itself: joined, a cluster that was not run for long would have all newer runs of the instance read.
 */
export async function readStrips(ctx: TeamContext): Promise<Map<string, Verdict[]>> {
  const rows = await ctx.db.$queryRaw<{ clusterId: string; verdict: Verdict }[]>`
    SELECT c.id AS "clusterId", strip.verdict
    FROM cluster c, LATERAL (
      SELECT mine."runId", mine.verdict
      FROM (
        SELECT "runId",
          (array_agg(verdict ORDER BY array_position('{fail,unknown,warn,pass,skip}'::verdict[], verdict)))[1] AS verdict
        FROM (
          SELECT "runId", verdict, row_number() OVER (ORDER BY "runId" DESC) AS place FROM run_part
          WHERE "teamId" = ${ctx.team.id}::uuid AND "clusterId" = c.id AND verdict IS NOT NULL
          ORDER BY place LIMIT ${mostParts + 1}
        ) AS newest
        GROUP BY "runId" HAVING max(place) <= ${mostParts}
      ) AS mine
      WHERE (SELECT run."endedAt" IS NOT NULL AND run."judgedFromId" IS NULL FROM run WHERE run.id = mine."runId")
      ORDER BY mine."runId" DESC LIMIT ${mostRuns}
    ) AS strip
    WHERE c."teamId" = ${ctx.team.id}::uuid AND c."removedAt" IS NULL
    ORDER BY c.id, strip."runId"`;
  const strips = Map.groupBy(rows, ({ clusterId }) => clusterId);
  return new Map([...strips].map(([id, own]) => [id, own.map(({ verdict }) => verdict)]));
}
