import type { ClusterView } from "#common/contracts/cluster.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { findCluster } from "./find-cluster.ts";
import { toClusterViews } from "./views.ts";

export async function getCluster({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string };
}): Promise<ClusterView> {
  const [view] = await toClusterViews(ctx, [await findCluster(ctx, input.cluster)]);
  if (!view) throw new AppError("not-found", "cluster-not-found");
  return view;
}
