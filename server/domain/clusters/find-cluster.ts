import type { Role } from "#common/role.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { requireOn } from "./role-on.ts";

/** A cluster of this team that was not removed, on which the actor is at least `needed`. */
export async function findCluster(ctx: TeamContext, slug: string, needed: Role = "viewer") {
  const cluster = await ctx.db.cluster.findFirst({
    where: { teamId: ctx.team.id, slug, removedAt: null },
    include: { connections: { orderBy: { kind: "asc" } } },
  });
  if (!cluster) throw new AppError("not-found", "cluster-not-found");
  requireOn(ctx, cluster, needed);
  return cluster;
}
export type ClusterRow = Awaited<ReturnType<typeof findCluster>>;
