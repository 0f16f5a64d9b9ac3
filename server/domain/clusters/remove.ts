import type { TeamContext } from "../context.ts";
import { findCluster } from "./find-cluster.ts";

/** Forgets how to reach a cluster, what it looked like last and the parameters kept for it. Its past runs stay, and its slug becomes free. */
export async function removeCluster({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string };
}): Promise<void> {
  const cluster = await findCluster(ctx, input.cluster, "admin");
  const connectionIds = cluster.connections.map((connection) => connection.id);
  await ctx.db.$transaction([
    ctx.db.credential.deleteMany({ where: { connectionId: { in: connectionIds } } }),
    ctx.db.connection.deleteMany({ where: { clusterId: cluster.id } }),
    ctx.db.targetBreaker.deleteMany({ where: { clusterId: cluster.id } }),
    ctx.db.checkState.deleteMany({ where: { clusterId: cluster.id } }),
    ctx.db.checkParams.deleteMany({ where: { clusterId: cluster.id } }),
    ctx.db.cluster.update({
      where: { id: cluster.id },
      data: { removedAt: ctx.now(), slug: `removed-${cluster.id}` },
    }),
  ]);
}
