import type { CurrentSession } from "#common/contracts/team.ts";
import { locales } from "#common/text.ts";
import type { DomainContext } from "../context.ts";
import { isInstanceOwner } from "../team/instance-owner.ts";
import { hasSecondFactor } from "../team/second-factor.ts";

export async function currentSession({ ctx }: { ctx: DomainContext }): Promise<CurrentSession> {
  if (ctx.actor.type !== "user") return { user: null, teams: [], mayCreateTeam: false };
  const { userId, name, email } = ctx.actor;
  const [profile, memberships, mayCreateTeam, second] = await Promise.all([
    ctx.db.user.findUnique({ where: { id: userId }, select: { locale: true } }),
    ctx.db.membership.findMany({
      where: { userId },
      select: { role: true, team: { select: { slug: true, name: true, requireTwoFactor: true } } },
      orderBy: { team: { name: "asc" } },
    }),
    isInstanceOwner(ctx, userId),
    hasSecondFactor(ctx),
  ]);
  const locale = locales.find((one) => one === profile?.locale) ?? null;
  return {
    user: { id: userId, name, email, locale },
    teams: memberships.map(({ role, team: { requireTwoFactor, ...team } }) => ({
      ...{ ...team, role },
      locked: requireTwoFactor && !second,
    })),
    mayCreateTeam,
  };
}
