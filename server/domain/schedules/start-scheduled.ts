import type { Schedule } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { startRun } from "../runs/start.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { checksToRun, storedChecks } from "./checks-to-run.ts";

/** The clusters of a schedule that were not removed since, in its order. */
export async function clustersLeft(ctx: TeamContext, clusterIds: readonly string[]) {
  const clusters = await ctx.db.cluster.findMany({
    where: { teamId: ctx.team.id, id: { in: [...clusterIds] }, removedAt: null },
  });
  return clusters.sort((a, b) => clusterIds.indexOf(a.id) - clusterIds.indexOf(b.id));
}

/** One run of all that a schedule asks for. The same key gives the same run. */
export async function startScheduled(
  ctx: TeamContext,
  schedule: Schedule,
  { key, library: builtIn }: { key: string; library: readonly Check[] },
): Promise<{ runId: string }> {
  const library = await libraryOf({ db: ctx.db, library: builtIn }, ctx.team.id);
  const clusters = await clustersLeft(ctx, schedule.clusterIds);
  if (clusters.length === 0) throw new AppError("conflict", "schedule-no-cluster");
  const clusterIds = clusters.map(({ id }) => id);
  const { runbook } = schedule;
  const checks = await checksToRun(ctx, { runbook, checks: storedChecks(schedule), clusterIds }, library);
  const input = {
    ...{ clusters: clusters.map(({ slug }) => slug), runbook, checks },
    ...{ confirmActive: [], idempotencyKey: key },
  };
  const { runId } = await startRun({ ctx, input, library });
  await ctx.db.run.updateMany({
    where: { id: runId, teamId: ctx.team.id },
    data: { scheduleId: schedule.id },
  });
  return { runId };
}
