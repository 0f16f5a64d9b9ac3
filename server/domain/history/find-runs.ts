import type { RunFilter, RunSummary } from "#common/contracts/run.ts";
import { Prisma } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import type { StoredRun } from "../runs/views.ts";
import { type Asked, lookUp, within, wordsTellAll } from "./conditions.ts";
import { newestFirst, oneStepMs, windowsBack } from "./windows.ts";

type Page = { filter: RunFilter; before: string | undefined; limit: number };

/** What a row of the history shows, by one query: names and checks along with the run. */
export type FoundRun = StoredRun & Pick<RunSummary, "clusters" | "checks">;

/** The newest runs of the team that fit, before that one; newest first. */
export async function findRuns(ctx: TeamContext, { filter, before, limit }: Page): Promise<FoundRun[]> {
  const asked = await lookUp(ctx, filter);
  if (asked.nothing) return [];
  const toId = [asked.toId, before].filter((id) => id !== undefined).sort()[0];
  const steps = wordsTellAll(asked) ? oneStepMs : undefined;
  const windows = windowsBack({ fromId: asked.fromId, toId }, ctx.now(), steps);
  return newestFirst(windows, limit, (window, missing) =>
    ctx.db.$queryRaw<FoundRun[]>(runsQuery(ctx, { ...asked, ...window }, missing)),
  );
}

/** In the order they were chosen, also those removed since: history keeps its names. */
const clusters = Prisma.sql`(
  SELECT coalesce(jsonb_agg(jsonb_build_object('slug', coalesce(c.slug, chosen.id::text),
    'name', coalesce(c.name, chosen.id::text), 'practice', coalesce(c.practice, false),
    'production', coalesce(c.production, false)) ORDER BY place), '[]')
  FROM unnest(run."clusterIds") WITH ORDINALITY AS chosen(id, place)
    LEFT JOIN cluster c ON c.id = chosen.id AND c."teamId" = run."teamId")`;

function runsQuery(ctx: TeamContext, asked: Asked, limit: number): Prisma.Sql {
  const { verdict, runbook, person } = asked;
  return Prisma.sql`
    SELECT run.id, run.runbook, run."requestedBy", run."scheduleId", run."judgedFromId", run.status, run.verdict,
      run.counts, run.cost, run."createdAt", run."startedAt", run."endedAt",
      jsonb_path_query_array(run.selection, '$[*].id') AS checks, ${clusters} AS clusters
    FROM run
    WHERE run."teamId" = ${ctx.team.id}::uuid ${within(Prisma.sql`run.id`, asked)}
      ${verdict ? Prisma.sql`AND run.verdict = ${verdict}::verdict` : Prisma.empty}
      ${runbook === undefined ? Prisma.empty : Prisma.sql`AND run.runbook = ${runbook}`}
      ${person ? Prisma.sql`AND ${person}` : Prisma.empty}
      ${partsCondition(ctx, asked)} ${resultsCondition(ctx, asked, limit)}
    ORDER BY run.id DESC LIMIT ${limit}`;
}

/** Of a cluster alone the run's parts tell; together with a check its results do, and with words their index. */
function partsCondition(ctx: TeamContext, asked: Asked): Prisma.Sql {
  const { clusterIds, check, tsquery } = asked;
  if (clusterIds === undefined || check !== undefined || tsquery !== undefined) return Prisma.empty;
  return Prisma.sql`AND run.id IN (
    SELECT p."runId" FROM run_part p
    WHERE p."teamId" = ${ctx.team.id}::uuid AND p."clusterId" = ANY(${clusterIds}::uuid[])
      ${within(Prisma.sql`p."runId"`, asked)})`;
}

function resultsCondition(ctx: TeamContext, asked: Asked, limit: number): Prisma.Sql {
  const { clusterIds, check, tsquery } = asked;
  const teamId = ctx.team.id;
  if (tsquery !== undefined) {
    // Nothing else is asked of the runs: the newest that have these words are the page.
    const newest = wordsTellAll(asked)
      ? Prisma.sql`GROUP BY w."runId" ORDER BY w."runId" DESC LIMIT ${limit}`
      : Prisma.empty;
    return Prisma.sql`AND run.id IN (
      SELECT w."runId" FROM result_text w
      WHERE w."teamId" = ${teamId}::uuid AND w.words @@ ${tsquery}::tsquery ${within(Prisma.sql`w."runId"`, asked)}
      ${newest})`;
  }
  if (check === undefined) return Prisma.empty;
  return Prisma.sql`AND run.id IN (
    SELECT r."runId" FROM result r
    WHERE r."teamId" = ${teamId}::uuid AND r."checkId" = ${check}
      ${clusterIds ? Prisma.sql`AND r."clusterId" = ANY(${clusterIds}::uuid[])` : Prisma.empty}
      ${within(Prisma.sql`r."runId"`, asked)})`;
}
