import type { ClusterRoles } from "#common/contracts/team.ts";
import type { TeamContext } from "../context.ts";

/** Every exception of the team, of clusters that were not removed. */
export async function listClusterRoles({ ctx }: { ctx: TeamContext }): Promise<ClusterRoles> {
  const rows = await ctx.db.clusterRole.findMany({
    where: { teamId: ctx.team.id, cluster: { removedAt: null } },
    select: { userId: true, role: true, cluster: { select: { slug: true } } },
    orderBy: [{ userId: "asc" }, { clusterId: "asc" }],
  });
  return rows.map(({ userId, role, cluster }) => ({ userId, role, cluster: cluster.slug }));
}
