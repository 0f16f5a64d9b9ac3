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
  await ctx.db.cluster.update({
    where: { id: cluster.id },
    data: { name: input.name, production: input.production },
  });
}
