import { type Role, roleCovers } from "#common/role.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";

/** What the actor is on a cluster. An owner is one everywhere. */
export function roleOn(ctx: Pick<TeamContext, "role" | "clusterRoles">, clusterId: string): Role {
  return ctx.role === "owner" ? "owner" : (ctx.clusterRoles?.get(clusterId) ?? ctx.role);
}

/** Whether the actor may somewhere do what asks for `needed`: in the team, or on one of its clusters. */
export function maySomewhere(ctx: Pick<TeamContext, "role" | "clusterRoles">, needed: Role): boolean {
  const all = [ctx.role, ...(ctx.clusterRoles?.values() ?? [])];
  return all.some((role) => roleCovers(role, needed));
}

/** Refuses who may not do on this cluster what asks for `needed`. */
export function requireOn(ctx: TeamContext, cluster: { id: string; name: string }, needed: Role): void {
  if (roleCovers(roleOn(ctx, cluster.id), needed)) return;
  throw new AppError("forbidden", "forbidden-on-cluster", { values: { cluster: cluster.name } });
}

/** The same for all clusters of a run or a schedule, of which some may have been removed since. */
export async function requireOnAll(ctx: TeamContext, clusterIds: readonly string[], needed: Role) {
  const refused = clusterIds.filter((id) => !roleCovers(roleOn(ctx, id), needed));
  const [id] = refused;
  if (id === undefined) return;
  const cluster = await ctx.db.cluster.findFirst({ where: { id, teamId: ctx.team.id } });
  requireOn(ctx, { id, name: cluster?.name ?? id }, needed);
}
