import type { ClusterView } from "#common/contracts/cluster.ts";
import type { TeamContext } from "../context.ts";
import { toClusterViews } from "./views.ts";

export async function listClusters({ ctx }: { ctx: TeamContext }): Promise<ClusterView[]> {
  const clusters = await ctx.db.cluster.findMany({
    where: { teamId: ctx.team.id, removedAt: null },
    include: { connections: { orderBy: { kind: "asc" } } },
    orderBy: [{ practice: "asc" }, { name: "asc" }, { id: "asc" }],
  });
  return toClusterViews(ctx, clusters);
}
