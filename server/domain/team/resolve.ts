import { AppError } from "#server/errors.ts";
import type { DomainContext, TeamContext } from "../context.ts";
import { hasSecondFactor } from "./second-factor.ts";

/** The team a slug names, if the actor is a member of it. A stranger gets the same answer as for no team. */
export async function resolveTeam({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { team: string };
}): Promise<TeamContext> {
  if (ctx.actor.type !== "user") throw new AppError("unauthenticated", "unauthenticated");
  const membership = await ctx.db.membership.findFirst({
    where: { userId: ctx.actor.userId, team: { slug: input.team } },
    select: {
      role: true,
      team: { select: { id: true, slug: true, name: true, requireTwoFactor: true } },
      clusterRoles: { select: { clusterId: true, role: true } },
    },
  });
  if (!membership) throw new AppError("not-found", "team-not-found");
  const { requireTwoFactor, ...team } = membership.team;
  if (requireTwoFactor && !(await hasSecondFactor(ctx))) {
    throw new AppError("forbidden", "second-factor-required");
  }
  const clusterRoles = new Map(membership.clusterRoles.map(({ clusterId, role }) => [clusterId, role]));
  return { ...ctx, team, role: membership.role, clusterRoles };
}
