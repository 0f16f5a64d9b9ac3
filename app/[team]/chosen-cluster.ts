import "server-only";
import { chooseCluster } from "#common/choose-cluster.ts";
import { getQueryClient, trpc } from "#server/api/caller.ts";

/** For a page's prefetch: the slug of the cluster that the address names, or of the first. */
export async function chosenClusterSlug(
  team: string,
  search: { cluster?: string | string[] },
): Promise<string | undefined> {
  const clusters = await getQueryClient().fetchQuery(trpc.cluster.list.queryOptions({ team }));
  return chooseCluster(clusters, [search.cluster].flat()[0])?.slug;
}
