import type { RunSummary } from "#common/contracts/run.ts";

/** For a link to something of a run: the cluster that the frame around it is to show, the first of the run's. */
export function runQuery({ clusters }: Pick<RunSummary, "clusters">, cluster = clusters[0]?.slug): string {
  return cluster === undefined ? "" : `?cluster=${cluster}`;
}
