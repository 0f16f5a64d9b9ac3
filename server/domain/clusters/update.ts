import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findCluster } from "./find-cluster.ts";

/** Changes what a cluster is called and whether it is production. Its address in the product stays. */
export async function updateCluster({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string; name: string; production: boolean };
}): Promise<void> {
  const cluster = await findCluster(ctx, input.cluster, "admin");
  const { name, production } = input;
  await ctx.db.$transaction(async (tx) => {
    await tx.cluster.update({ where: { id: cluster.id }, data: { name, production } });
    await recordAudit(tx, ctx, {
      action: "cluster.changed",
      subject: { kind: "cluster", id: cluster.id, name },
      details: { nameBefore: cluster.name, production, productionBefore: cluster.production },
    });
  });
}
