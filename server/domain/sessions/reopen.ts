import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { notifyRun } from "../runs/notify.ts";
import { findSessionToChange } from "./hold.ts";

/** Lets people go on with a session that was closed. One that is open stays as it is. */
export async function reopenSession({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { sessionId: string };
}): Promise<void> {
  const { id, title } = await findSessionToChange(ctx, input.sessionId);
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.runbookSession.updateMany({
      where: { id, closedAt: { not: null } },
      data: { closedAt: null, closedBy: null, seq: { increment: 1 } },
    });
    if (count === 0) return;
    await notifyRun(tx, id);
    await recordAudit(tx, ctx, {
      action: "session.reopened",
      subject: { kind: "session", id, name: title },
    });
  });
}
