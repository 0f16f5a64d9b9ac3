import type { CurrentSession } from "#common/contracts/team.ts";
import { locales } from "#common/text.ts";
import type { DomainContext } from "../context.ts";

export async function currentSession({ ctx }: { ctx: DomainContext }): Promise<CurrentSession> {
  if (ctx.actor.type !== "user") return { user: null, teams: [] };
  const { userId, name, email } = ctx.actor;
  const [profile, memberships] = await Promise.all([
    ctx.db.user.findUnique({ where: { id: userId }, select: { locale: true } }),
    ctx.db.membership.findMany({
      where: { userId },
      select: { role: true, team: { select: { slug: true, name: true } } },
      orderBy: { team: { name: "asc" } },
    }),
  ]);
  const locale = locales.find((one) => one === profile?.locale) ?? null;
  return {
    user: { id: userId, name, email, locale },
    teams: memberships.map(({ role, team }) => ({ ...team, role })),
  };
}
