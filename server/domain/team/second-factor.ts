import type { DomainContext } from "../context.ts";
import { me } from "../profile/me.ts";

/**
 * Whether the session that asks began with a second factor. Where there is no session, such as in a job of the person,
 * whether the person has one at all.
 */
export async function hasSecondFactor(ctx: Pick<DomainContext, "db" | "actor">): Promise<boolean> {
  const { userId, sessionId } = me(ctx);
  if (sessionId === undefined) {
    return (await ctx.db.user.count({ where: { id: userId, twoFactorEnabled: true } })) > 0;
  }
  return (await ctx.db.session.count({ where: { id: sessionId, userId, secondFactor: true } })) > 0;
}
