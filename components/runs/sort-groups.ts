import type { ResultGroup } from "#common/contracts/run.ts";

const weights = ["fail", "unknown", "warn", "pass", "skip"] as const;

export function doneOf({ verdicts }: ResultGroup): number {
  return weights.reduce((sum, verdict) => sum + verdicts[verdict], 0);
}

/** Worst first; while a run is under way everything keeps its place, so that nothing moves under the reader. */
export function worstGroupsFirst(groups: ResultGroup[], live: boolean): ResultGroup[] {
  if (live) return groups;
  return groups.toSorted((a, b) => {
    const decisive = weights.find((verdict) => a.verdicts[verdict] !== b.verdicts[verdict]);
    return decisive ? b.verdicts[decisive] - a.verdicts[decisive] : 0;
  });
}
