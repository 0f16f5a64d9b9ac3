import type { Counterparts } from "#common/contracts/across.ts";
import type { TeamContext } from "../context.ts";
import { checkIdsOf, findRun } from "./find-run.ts";

const lookBackRuns = 20;

/** For every other cluster of the team the newest ended run that shares most of this run's checks. */
export async function findCounterparts({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId: string };
}): Promise<Counterparts> {
  const run = await findRun(ctx, input.runId);
  const clusters = await ctx.db.cluster.findMany({
    where: { teamId: ctx.team.id, removedAt: null },
    select: { id: true, slug: true, name: true, production: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  const wanted = (await checkIdsOf(ctx, [run.id])).get(run.id) ?? [];
  const found = await Promise.all(
    clusters
      .filter(({ id }) => !run.clusterIds.includes(id))
      .map(async ({ id, ...cluster }) => ({ cluster, best: await newestOn(ctx, id, wanted) })),
  );
  return found.flatMap(({ cluster, best }) => (best ? [{ cluster, ...best }] : []));
}

async function newestOn(
  ctx: TeamContext,
  clusterId: string,
  wanted: string[],
): Promise<Omit<Counterparts[number], "cluster"> | undefined> {
  const runs = await ctx.db.run.findMany({
    where: { teamId: ctx.team.id, clusterIds: { has: clusterId }, judgedFromId: null, status: "done" },
    orderBy: { id: "desc" },
    take: lookBackRuns,
    select: { id: true, createdAt: true },
  });
  const asked = await checkIdsOf(
    ctx,
    runs.map((each) => each.id),
  );
  const counted = runs.map((each) => ({
    runId: each.id,
    createdAt: each.createdAt,
    shared: (asked.get(each.id) ?? []).filter((check) => wanted.includes(check)).length,
  }));
  // Stable: of those that share as many, the newest.
  const [best] = counted.sort((one, other) => other.shared - one.shared);
  return best && best.shared > 0 ? best : undefined;
}
