import type { z } from "zod";
import type { startSessionSchema } from "#common/contracts/runbook-session.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { withColours } from "../runbooks/highlight.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";
import { nameOf } from "./hold.ts";
import { withSteps } from "./steps.ts";

const mostOpen = 200;

type StartSession = { ctx: TeamContext; input: z.output<typeof startSessionSchema> };

/** Begins to walk a runbook on a cluster, with its text and steps as they are now. */
export async function startSession({ ctx, input }: StartSession): Promise<{ sessionId: string }> {
  const cluster = await findCluster(ctx, input.cluster, "operator");
  const runbook = (await runbooksOf(ctx)).get(input.runbook);
  if (!runbook) throw new AppError("not-found", "runbook-not-found");
  const { article, steps } = withSteps(await withColours(runbook.texts[input.locale].article));
  const teamId = ctx.team.id;
  return ctx.db.$transaction(async (tx) => {
    if ((await tx.runbookSession.count({ where: { teamId, closedAt: null } })) >= mostOpen) {
      throw new AppError("too-many", "session-too-many", { values: { most: mostOpen } });
    }
    const { id } = await tx.runbookSession.create({
      data: {
        ...{ teamId, runbook: input.runbook, title: input.title, clusterId: cluster.id },
        ...{ article: JSON.parse(JSON.stringify(article)), steps, createdAt: ctx.now() },
        startedById: ctx.actor.type === "user" ? ctx.actor.userId : null,
        startedBy: nameOf(ctx),
      },
      select: { id: true },
    });
    await recordAudit(tx, ctx, {
      action: "session.started",
      subject: { kind: "session", id, name: input.title },
      details: { runbook: input.runbook, cluster: cluster.name },
    });
    return { sessionId: id };
  });
}
