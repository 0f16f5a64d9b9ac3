import { z } from "zod";
import {
  mostPoints,
  type Series,
  type seriesNameSchema,
  type seriesPlaceSchema,
} from "#common/contracts/measurement.ts";
import { boundSchema } from "#common/result.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { firstIdAt, timeOfId } from "../id-time.ts";
import { seriesId } from "./series-id.ts";

const DAY_MS = 86_400_000;
const defaultDays = 30;
const boundsSchema = z.object({ warn: boundSchema.optional(), fail: boundSchema.optional() });

type Input = z.output<typeof seriesPlaceSchema> &
  z.output<typeof seriesNameSchema> & { from?: Date; to?: Date };
type Range = { fromMs: number; toMs: number };
type Bucket = { at: number; min: number; avg: number; max: number; count: number };
type Gap = { from: number; to: number; count: number };

/**
 * One number through time, as at most 300 points: each value one, or, where there are more, the smallest, mean and
 * greatest of its share of the time.
 * A result without the value is a gap. What was judged again is no measurement and is left out.
 */
export async function measurementSeries({ ctx, input }: { ctx: TeamContext; input: Input }): Promise<Series> {
  const cluster = await findCluster(ctx, input.cluster);
  const range = rangeOf(input, ctx.now());
  const id = seriesId({ ...input, clusterId: cluster.id });
  const [points, gaps, last] = await Promise.all([
    readPoints(ctx, id, range),
    readGaps(ctx, { ...input, clusterId: cluster.id, id }, range),
    readLast(ctx, id, range),
  ]);
  return {
    from: new Date(range.fromMs),
    to: new Date(range.toMs),
    points: points.map(({ at, ...point }) => ({ ...point, at: new Date(at) })),
    gaps: gaps.map(({ from, to, count }) => ({ from: new Date(from), to: new Date(to), count })),
    last,
  };
}

function rangeOf({ from, to }: Pick<Input, "from" | "to">, now: Date): Range {
  const toMs = to?.getTime() ?? now.getTime() + 1;
  const fromMs = Math.min(from?.getTime() ?? toMs - defaultDays * DAY_MS, toMs - 1);
  return { fromMs, toMs };
}

/** From the index on series alone. A run's id begins with the time it was asked for, which is what is drawn. */
function readPoints(ctx: TeamContext, id: string, { fromMs, toMs }: Range): Promise<Bucket[]> {
  return ctx.db.$queryRaw<Bucket[]>`
    SELECT avg(ms)::float8 AS at, min(value) AS min, avg(value) AS avg, max(value) AS max, count(*)::int AS count
    FROM (
      SELECT ms, value, count(*) OVER () AS total, min(ms) OVER () AS first, max(ms) OVER () AS last
      FROM (
        SELECT weekbook_uuid_ms("runId") AS ms, value FROM measurement
        WHERE series = ${id}::uuid AND "runId" >= ${firstIdAt(fromMs)}::uuid AND "runId" < ${firstIdAt(toMs)}::uuid
      ) AS measured
    ) AS ranged
    GROUP BY CASE WHEN total <= ${mostPoints} THEN ms ELSE (ms - first) * ${mostPoints} / (last - first + 1) END
    ORDER BY 1`;
}

function readGaps(
  ctx: TeamContext,
  place: { clusterId: string; checkId: string; target: string; id: string },
  { fromMs, toMs }: Range,
): Promise<Gap[]> {
  const shareMs = Math.ceil((toMs - fromMs) / mostPoints);
  return ctx.db.$queryRaw<Gap[]>`
    SELECT min(ms)::float8 AS "from", max(ms)::float8 AS "to", count(*)::int AS count
    FROM (
      SELECT weekbook_uuid_ms(r."runId") AS ms FROM result r
      WHERE r."teamId" = ${ctx.team.id}::uuid AND r."clusterId" = ${place.clusterId}::uuid
        AND r."checkId" = ${place.checkId} AND r.target = ${place.target}
        AND r."runId" >= ${firstIdAt(fromMs)}::uuid AND r."runId" < ${firstIdAt(toMs)}::uuid
        AND r."factsRunId" IS NULL AND r.phase = 'done'
        AND NOT EXISTS (
          SELECT FROM measurement m WHERE m.series = ${place.id}::uuid AND m."runId" = r."runId"
            AND m."runId" >= ${firstIdAt(fromMs)}::uuid AND m."runId" < ${firstIdAt(toMs)}::uuid
        )
    ) AS unmeasured
    GROUP BY (ms - ${fromMs}::bigint) / ${shareMs}::bigint ORDER BY 1`;
}

async function readLast(ctx: TeamContext, id: string, { fromMs, toMs }: Range): Promise<Series["last"]> {
  const newest = await ctx.db.measurement.findFirst({
    where: { series: id, runId: { gte: firstIdAt(fromMs), lt: firstIdAt(toMs) } },
    orderBy: { runId: "desc" },
  });
  if (!newest) return null;
  const { runId, resultId, value, bounds } = newest;
  return { runId, resultId, value, at: timeOfId(runId), ...boundsSchema.parse(bounds ?? {}) };
}
