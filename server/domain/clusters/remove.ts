import { recordAudit } from "../audit/record.ts";
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
  await ctx.db.$transaction(async (tx) => {
    await tx.credential.deleteMany({ where: { connectionId: { in: connectionIds } } });
    await tx.connection.deleteMany({ where: { clusterId: cluster.id } });
    await tx.targetBreaker.deleteMany({ where: { clusterId: cluster.id } });
    await tx.checkState.deleteMany({ where: { clusterId: cluster.id } });
    await tx.checkParams.deleteMany({ where: { clusterId: cluster.id } });
    await tx.cluster.update({
      where: { id: cluster.id },
      data: { removedAt: ctx.now(), slug: `removed-${cluster.id}` },
    });
    await recordAudit(tx, ctx, {
      action: "cluster.removed",
      subject: { kind: "cluster", id: cluster.id, name: cluster.name },
      details: { connections: connectionIds.length },
    });
  });
}
