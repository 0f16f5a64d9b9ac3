import type { z } from "zod";
import type { SeriesList, seriesPlaceSchema } from "#common/contracts/measurement.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";

const newestResults = 5;
const mostListed = 500;

type Row = { name: string; subject: string | null; unit: string; value: number; ms: bigint };

/** What the newest results of a check on a target measured: each series once, with its last value. */
export async function listMeasurements({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: z.output<typeof seriesPlaceSchema>;
}): Promise<SeriesList> {
  const cluster = await findCluster(ctx, input.cluster);
  const rows = await ctx.db.$queryRaw<Row[]>`
    WITH newest AS (
      SELECT "runId", id FROM result
      WHERE "teamId" = ${ctx.team.id}::uuid AND "clusterId" = ${cluster.id}::uuid AND "checkId" = ${input.checkId}
        AND target = ${input.target} AND "factsRunId" IS NULL AND phase = 'done'
      ORDER BY "runId" DESC LIMIT ${newestResults}
    ), measured AS (
      SELECT DISTINCT ON (m.name, m.subject, m.unit) m.name, m.subject, m.unit, m.value, m.ordinal,
        weekbook_uuid_ms(m."runId") AS ms
      FROM newest JOIN measurement m ON m."runId" = newest."runId" AND m."resultId" = newest.id
      ORDER BY m.name, m.subject, m.unit, m."runId" DESC
    )
    SELECT name, subject, unit, value, ms FROM measured ORDER BY ordinal, name, subject LIMIT ${mostListed}`;
  return rows.map(({ ms, ...row }) => ({ ...row, at: new Date(Number(ms)) }));
}
