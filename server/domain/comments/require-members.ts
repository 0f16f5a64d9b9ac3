import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";

/** Each once, and only members: whoever is no member would learn what the team writes. */
export async function requireMembers(ctx: TeamContext, mentions: readonly string[]): Promise<string[]> {
  const ids = [...new Set(mentions)];
  const members = await ctx.db.membership.count({ where: { teamId: ctx.team.id, userId: { in: ids } } });
  if (members < ids.length) {
    throw new AppError("invalid", "invalid", { fields: { text: "mention-not-member" } });
  }
  return ids;
}
