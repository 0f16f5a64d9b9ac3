import type { ResultGroup, ResultView, RunUpdate, RunView } from "#common/contracts/run.ts";
import { mostResultsAtOnce } from "#common/most-results.ts";

/** Applies what changed; results keep their place, so nothing moves while it streams. */
export function merge(held: RunView, update: RunUpdate): RunView {
  if (update.seq < held.seq) return held;
  const { changed, groups, ...state } = update;
  if (state.total > mostResultsAtOnce) {
    return { ...held, ...state, results: [], groups: mergeGroups(held.groups, groups) };
  }
  if (changed.length === 0) return { ...held, ...state };
  const byId = new Map<string, ResultView>(held.results.map((result) => [result.id, result]));
  for (const result of changed) byId.set(result.id, result);
  const results = [...byId.values()].sort((a, b) => a.part - b.part || a.ordinal - b.ordinal);
  return { ...held, ...state, results };
}

function mergeGroups(held: ResultGroup[], changed: ResultGroup[]): ResultGroup[] {
  const byKey = new Map(held.map((group) => [`${group.cluster} ${group.checkId}`, group]));
  for (const group of changed) byKey.set(`${group.cluster} ${group.checkId}`, group);
  return [...byKey.values()];
}
