import type { DomainContext } from "../context.ts";

/** The owners of the team the instance was set up with are the owners of the instance. */
export async function isInstanceOwner(ctx: Pick<DomainContext, "db">, userId: string): Promise<boolean> {
  const first = await ctx.db.team.findFirst({ orderBy: { id: "asc" }, select: { id: true } });
  if (!first) return false;
  const where = { teamId: first.id, userId, role: "owner" as const };
  return (await ctx.db.membership.count({ where })) > 0;
}
