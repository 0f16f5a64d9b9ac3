import type { DatabaseTransaction } from "#server/db.ts";
import { AppError } from "#server/errors.ts";
import { requireOnAll } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { notifyRun } from "../runs/notify.ts";

/** A session of this team, without its text. Another team's is no different from none. */
export async function findSession(ctx: TeamContext, id: string) {
  const session = await ctx.db.runbookSession.findFirst({
    where: { id, teamId: ctx.team.id },
    omit: { article: true },
  });
  if (!session) throw new AppError("not-found", "session-not-found");
  return session;
}

/** The same for who changes something in it, which takes an operator of its cluster. */
export async function findSessionToChange(ctx: TeamContext, id: string) {
  const session = await findSession(ctx, id);
  await requireOnAll(ctx, [session.clusterId], "operator");
  return session;
}

/**
 * Lets one change after the other happen, and none once the session is closed; tells everybody who has it open. To be
 * called before the change, in its transaction.
 */
export async function holdOpen(tx: DatabaseTransaction, sessionId: string): Promise<void> {
  const { count } = await tx.runbookSession.updateMany({
    where: { id: sessionId, closedAt: null },
    data: { seq: { increment: 1 } },
  });
  if (count === 0) throw new AppError("conflict", "session-closed");
  await notifyRun(tx, sessionId);
}

/** Who is named beside what they did. */
export function nameOf({ actor }: Pick<TeamContext, "actor">): string {
  return actor.type === "nobody" ? "nobody" : actor.name;
}
