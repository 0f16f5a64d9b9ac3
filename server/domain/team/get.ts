import type { TeamView } from "#common/contracts/team.ts";
import { roleCovers } from "#common/role.ts";
import type { TeamContext } from "../context.ts";

/** The team and its people. Open invitations are shown to those who may make them. */
export async function getTeam({ ctx }: { ctx: TeamContext }): Promise<TeamView> {
  const { requireTwoFactor } = await ctx.db.team.findUniqueOrThrow({ where: { id: ctx.team.id } });
  const memberships = await ctx.db.membership.findMany({
    where: { teamId: ctx.team.id },
    select: { role: true, createdAt: true, user: { select: { id: true, name: true, email: true } } },
    orderBy: [{ createdAt: "asc" }, { userId: "asc" }],
  });
  const invitations = roleCovers(ctx.role, "admin")
    ? await ctx.db.invitation.findMany({
        where: { teamId: ctx.team.id, usedAt: null, expiresAt: { gt: ctx.now() } },
        select: { id: true, role: true, email: true, createdAt: true, expiresAt: true },
        orderBy: { id: "desc" },
      })
    : [];
  return {
    slug: ctx.team.slug,
    name: ctx.team.name,
    requireTwoFactor,
    role: ctx.role,
    members: memberships.map(({ role, createdAt, user }) => ({
      userId: user.id,
      name: user.name,
      email: user.email,
      role,
      joinedAt: createdAt,
    })),
    invitations,
  };
}
