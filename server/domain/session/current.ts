import type { CurrentSession } from "#common/contracts/team.ts";
import type { DomainContext } from "../context.ts";

export async function currentSession({ ctx }: { ctx: DomainContext }): Promise<CurrentSession> {
  if (ctx.actor.type !== "user") return { user: null, teams: [] };
  const { userId, name, email } = ctx.actor;
  const memberships = await ctx.db.membership.findMany({
    where: { userId },
    select: { role: true, team: { select: { slug: true, name: true } } },
    orderBy: { team: { name: "asc" } },
  });
  return {
    user: { id: userId, name, email },
    teams: memberships.map(({ role, team }) => ({ ...team, role })),
  };
}
