import type { z } from "zod";
import type { closeSessionSchema } from "#common/contracts/runbook-session.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findSessionToChange, holdOpen, nameOf } from "./hold.ts";

type Close = { ctx: TeamContext; input: z.output<typeof closeSessionSchema> & { sessionId: string } };

/** Ends a session with what was found and what is left to do. From then on it can only be read. */
export async function closeSession({ ctx, input }: Close): Promise<void> {
  const { id, title } = await findSessionToChange(ctx, input.sessionId);
  const { found, openPoints } = input;
  await ctx.db.$transaction(async (tx) => {
    await holdOpen(tx, id);
    await tx.runbookSession.update({
      where: { id },
      data: { found, openPoints, closedAt: ctx.now(), closedBy: nameOf(ctx) },
    });
    const done = await tx.sessionTick.count({ where: { sessionId: id } });
    await recordAudit(tx, ctx, {
      action: "session.closed",
      subject: { kind: "session", id, name: title },
      details: { done },
    });
  });
}
