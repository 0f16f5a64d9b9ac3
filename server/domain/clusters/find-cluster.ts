import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";

/** A cluster of this team that was not removed. */
export async function findCluster(ctx: TeamContext, slug: string) {
  const cluster = await ctx.db.cluster.findFirst({
    where: { teamId: ctx.team.id, slug, removedAt: null },
    include: { connections: { orderBy: { kind: "asc" } } },
  });
  if (!cluster) throw new AppError("not-found", "cluster-not-found");
  return cluster;
}
export type ClusterRow = Awaited<ReturnType<typeof findCluster>>;
