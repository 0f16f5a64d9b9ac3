import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { requireOnAll } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { findRun } from "./find-run.ts";
import { notifyRun } from "./notify.ts";

/** Asks for a run to stop. The worker hears of it within a second; asking twice, or too late, changes nothing. */
export async function cancelRun({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId: string };
}): Promise<void> {
  const run = await findRun(ctx, input.runId);
  await requireOnAll(ctx, run.clusterIds, "operator");
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.run.updateMany({
      where: {
        id: run.id,
        teamId: ctx.team.id,
        cancelRequestedAt: null,
        status: { in: ["queued", "running"] },
      },
      data: { cancelRequestedAt: ctx.now(), seq: { increment: 1 } },
    });
    if (count === 0) return;
    await notifyRun(tx, run.id);
    await recordAudit(tx, ctx, {
      action: "run.cancelled",
      subject: { kind: "run", id: run.id, name: run.runbook ?? "" },
      details: { requestedBy: run.requestedBy },
    });
  });
  const now = await findRun(ctx, run.id);
  if (now.cancelRequestedAt === null) throw new AppError("conflict", "run-already-ended");
}
