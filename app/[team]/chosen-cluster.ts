import "server-only";
import { redirect } from "next/navigation";
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

/**
 * A permanent address need not name its cluster. The page does, so that the frame around it shows the cluster that it
 * is about.
 */
export function nameCluster(
  path: string,
  search: { cluster?: string | string[] },
  slug: string | undefined,
): void {
  if (search.cluster !== undefined || slug === undefined) return;
  const rest = Object.entries(search).flatMap(([key, value]) =>
    [value].flat().map((each) => [key, String(each)]),
  );
  redirect(`${path}?${new URLSearchParams([...rest, ["cluster", slug]])}`);
}
