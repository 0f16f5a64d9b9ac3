import type { Prisma } from "#generated/prisma/client.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { notifyRun } from "./notify.ts";

/** How many runs may wait before more are refused: of one team, and of all. */
export type QueueLimits = { ofTeam: number; ofAll: number };
export const queueLimits: QueueLimits = { ofTeam: 500, ofAll: 5_000 };

type NewRun = Omit<Prisma.RunUncheckedCreateInput, "teamId" | "parts" | "clusterIds"> & {
  clusterIds: string[];
};

/** Inserts a run, a part of it for each cluster, and their jobs. */
export async function enqueueRun(
  ctx: TeamContext,
  tx: DatabaseTransaction,
  run: NewRun,
  limits: QueueLimits = queueLimits,
): Promise<string> {
  const teamId = ctx.team.id;
  await refuseTooMany(tx, teamId, limits);
  const unfinished = await tx.runPart.count({ where: { teamId, status: { in: ["queued", "running"] } } });
  const { id: runId } = await tx.run.create({ data: { teamId, ...run }, select: { id: true } });
  const parts = run.clusterIds.map((clusterId, ordinal) => ({ runId, ordinal, teamId, clusterId }));
  await tx.runPart.createMany({ data: parts });
  for (const { ordinal: part } of parts) {
    await ctx.queue.enqueue(tx, "run-checks", { runId, teamId, part }, { behind: unfinished + part });
  }
  await notifyRun(tx, runId);
  return runId;
}

async function refuseTooMany(tx: DatabaseTransaction, teamId: string, limits: QueueLimits): Promise<void> {
  const status = "queued";
  const ofTeam = await tx.run.count({ where: { status, teamId } });
  if (ofTeam >= limits.ofTeam) throw new AppError("too-many", "too-many-runs", { values: { count: ofTeam } });
  const ofAll = await tx.run.count({ where: { status } });
  if (ofAll >= limits.ofAll) {
    throw new AppError("too-many", "too-many-runs-of-all", { values: { count: ofAll } });
  }
}
