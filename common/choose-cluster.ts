/** The cluster an address names, else the first: the same on the server and in the browser. */
export function chooseCluster<Cluster extends { slug: string }>(
  clusters: readonly Cluster[],
  slug: string | null | undefined,
): Cluster | null {
  return clusters.find((cluster) => cluster.slug === slug) ?? clusters[0] ?? null;
}
