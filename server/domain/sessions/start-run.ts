import type { z } from "zod";
import type { sessionRunSchema } from "#common/contracts/runbook-session.ts";
import type { Check } from "#server/checks/define-check.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { startRun } from "../runs/start.ts";
import { checksToRun } from "../schedules/checks-to-run.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { findSessionToChange, holdOpen } from "./hold.ts";

const mostRuns = 100;

type StartRun = {
  ctx: TeamContext;
  input: { sessionId: string } & z.output<typeof sessionRunSchema>;
  library?: readonly Check[];
};

/**
 * Runs checks on the session's cluster, under the same rules as from the runbook's page: the chosen ones with their
 * parameters, pasted texts and what was agreed to; without any, those of the runbook that need nobody to be there.
 */
export async function startSessionRun({ ctx, input, library: given }: StartRun): Promise<{ runId: string }> {
  const { id, clusterId, runbook, closedAt } = await findSessionToChange(ctx, input.sessionId);
  if (closedAt) throw new AppError("conflict", "session-closed");
  const cluster = await ctx.db.cluster.findFirst({
    where: { id: clusterId, teamId: ctx.team.id, removedAt: null },
  });
  if (!cluster) throw new AppError("not-found", "cluster-not-found");
  if ((await ctx.db.sessionRun.count({ where: { sessionId: id } })) >= mostRuns) {
    throw new AppError("too-many", "session-runs-too-many", { values: { most: mostRuns } });
  }
  const library = given ?? (await libraryOf(ctx, ctx.team.id));
  const checks =
    input.checks ?? (await checksToRun(ctx, { runbook, checks: [], clusterIds: [clusterId] }, library));
  const { runId } = await startRun({
    ctx,
    input: {
      ...{ clusters: [cluster.slug], runbook, checks },
      ...{ confirmActive: input.confirmActive, idempotencyKey: input.idempotencyKey },
    },
    library,
  });
  await ctx.db.$transaction(async (tx) => {
    await holdOpen(tx, id);
    await tx.sessionRun.createMany({ data: { sessionId: id, runId }, skipDuplicates: true });
  });
  return { runId };
}
