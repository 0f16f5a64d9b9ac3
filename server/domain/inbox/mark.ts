import type { TeamContext } from "../context.ts";

/** Up to when the actor has looked at the team's inbox; null for never. */
export async function readMark(ctx: TeamContext): Promise<Date | null> {
  if (ctx.actor.type !== "user") return null;
  const key = { teamId: ctx.team.id, userId: ctx.actor.userId };
  const mark = await ctx.db.inboxMark.findUnique({ where: { teamId_userId: key } });
  return mark?.seenAt ?? null;
}

/** Everything up to `until`, the newest that was shown, has been seen: what came meanwhile has not. */
export async function markInboxSeen({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { until: Date };
}): Promise<void> {
  if (ctx.actor.type !== "user") return;
  const seenAt = new Date(Math.min(input.until.getTime(), ctx.now().getTime()));
  await ctx.db.$executeRaw`
    INSERT INTO inbox_mark AS old ("teamId", "userId", "seenAt")
    VALUES (${ctx.team.id}::uuid, ${ctx.actor.userId}, ${seenAt})
    ON CONFLICT ("teamId", "userId") DO UPDATE SET "seenAt" = greatest(old."seenAt", excluded."seenAt")`;
}
