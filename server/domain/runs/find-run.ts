import type { RunSummary } from "#common/contracts/run.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { type ClusterName, toRunSummary } from "./views.ts";

/** A run of this team. Another team's run is no different from none. */
export async function findRun(ctx: TeamContext, runId: string) {
  const run = await ctx.db.run.findFirst({
    where: { id: runId, teamId: ctx.team.id },
    omit: { selection: true },
  });
  if (!run) throw new AppError("not-found", "run-not-found");
  return run;
}

const nameOnly = { id: true, slug: true, name: true, practice: true, production: true } as const;

/** Names of the clusters of some runs, also of clusters that were removed since: history keeps its names. */
export async function clusterNames(
  ctx: TeamContext,
  ids: readonly string[],
): Promise<Map<string, ClusterName>> {
  const clusters = await ctx.db.cluster.findMany({
    where: { teamId: ctx.team.id, id: { in: [...new Set(ids)] } },
    select: nameOnly,
  });
  return new Map(clusters.map((cluster) => [cluster.id, cluster]));
}

/** What each run asks, without the documents a selection may hold. */
export async function checkIdsOf(ctx: TeamContext, runIds: string[]): Promise<Map<string, string[]>> {
  const rows = await ctx.db.$queryRaw<{ id: string; checks: string[] }[]>`
    SELECT "id", jsonb_path_query_array("selection", '$[*].id') AS "checks" FROM "run"
    WHERE "teamId" = ${ctx.team.id}::uuid AND "id" = ANY(${runIds}::uuid[])`;
  return new Map(rows.map(({ id, checks }) => [id, checks]));
}

/** Summaries of runs of this team, in the order given. */
export async function toSummaries(
  ctx: TeamContext,
  runs: Awaited<ReturnType<typeof findRun>>[],
): Promise<RunSummary[]> {
  const names = await clusterNames(
    ctx,
    runs.flatMap((run) => run.clusterIds),
  );
  const checks = await checkIdsOf(
    ctx,
    runs.map((run) => run.id),
  );
  return runs.map((run) =>
    toRunSummary(run, {
      clusters: run.clusterIds.map((id) => nameOf(names, id)),
      checks: checks.get(run.id) ?? [],
    }),
  );
}

function nameOf(names: Map<string, ClusterName>, id: string): ClusterName {
  const unnamed = { id, slug: id, name: id, practice: false, production: false };
  return names.get(id) ?? unnamed;
}
