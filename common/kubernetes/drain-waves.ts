import type { PlacedPod } from "./drain-cluster.ts";
import { isBare, isEvicted } from "./drain-facts.ts";
import type { DrainState } from "./drain-state.ts";

/** Why an eviction is refused for good, as far as can be foreseen. */
export type Refusal = "overlapping-budgets" | "budget-allows-nothing" | "budget-waits";

export type Move = { pod: number /** -1: nowhere */; to: number; wave: number };

/** What comes of draining nodes together. Pods, Services and budgets by their index. */
export type DrainRun = {
  /** evictions go in waves: a budget lets the next ones go when replacements of the last are ready */
  waves: number;
  moves: Move[];
  /** Services that are without endpoints at some moment; `last`: when the nodes themselves go */
  outages: { service: number; wave: number; last: boolean }[];
  refused: { pod: number; why: Refusal }[];
  /** evicted, will be made anew, and no node takes them */
  homeless: number[];
  /** evicted, and nobody makes them anew */
  lost: number[];
  /** stay until the node goes, and come back with it */
  resting: number[];
};

/**
 * Cordons all these nodes and evicts what is on them, as `kubectl drain` on each at the same time: every pod is asked
 * to go at once, and what a budget refuses is asked again when the replacements of the others are ready. Leaves the
 * state as it is when the nodes are gone, or when a pod finds no node and `givesUp` says that this will not do.
 */
export function drainTogether(
  state: DrainState,
  batch: readonly number[],
  givesUp: (pod: number) => boolean = () => false,
): DrainRun {
  const { pods } = state.cluster;
  const away = new Set(batch);
  const isAway = (node: number) => away.has(node);
  const here = batch.flatMap((node) => [...(state.onNode[node] ?? [])]).flatMap((index) => pods[index] ?? []);
  const run: DrainRun = {
    ...{ waves: 0, moves: [], outages: [], refused: [], homeless: [], lost: [], resting: [] },
  };
  let left = here.filter(({ facts }) => isEvicted(facts));
  for (;;) {
    const gone = left.filter((pod) => evict(state, pod));
    if (gone.length === 0) break;
    run.waves += 1;
    noteOutages(state, gone, run, false);
    for (const pod of gone) {
      replace(state, pod, run, isAway);
      if (run.homeless.at(-1) === pod.index && givesUp(pod.index)) return run;
    }
    const evicted = new Set(gone);
    left = left.filter((pod) => !evicted.has(pod));
  }
  run.refused = left.map((pod) => ({ pod: pod.index, why: refusalOf(state, pod) }));
  if (left.length === 0) {
    const resting = here.filter(({ facts }) => !isEvicted(facts));
    for (const pod of resting) state.move(pod, -1);
    noteOutages(state, resting, run, true);
    run.resting = resting.map(({ index }) => index);
  }
  return run;
}

/** Asks for an eviction as the API server answers it; what is evicted has left its node. */
function evict(state: DrainState, pod: PlacedPod): boolean {
  if (!mayGo(state, pod)) return false;
  state.move(pod, -1);
  return true;
}

function mayGo({ allowed, healthy, cluster }: DrainState, { facts, budgets }: PlacedPod): boolean {
  if (facts.pending || budgets.length === 0) return true;
  const [index = -1] = budgets;
  const budget = cluster.budgets[index];
  if (!budget || budgets.length > 1) return false;
  if (!facts.ready && budget.unreadyMayGo) return true;
  if (!facts.ready && budget.desired > 0 && (healthy[index] ?? 0) >= budget.desired) return true;
  return (allowed[index] ?? 0) > 0;
}

function refusalOf({ cluster }: DrainState, { budgets }: PlacedPod): Refusal {
  if (budgets.length > 1) return "overlapping-budgets";
  const budget = cluster.budgets[budgets[0] ?? -1];
  return budget && budget.allowed <= 0 ? "budget-allows-nothing" : "budget-waits";
}

function replace(state: DrainState, pod: PlacedPod, run: DrainRun, isAway: (node: number) => boolean): void {
  const bare = isBare(pod.facts);
  const to = bare ? -1 : state.findNode(pod, isAway);
  run.moves.push({ pod: pod.index, to, wave: run.waves });
  if (to >= 0) state.move(pod, to);
  else (bare ? run.lost : run.homeless).push(pod.index);
}

/** Services that had endpoints before these pods went and have none now. */
function noteOutages({ endpoints }: DrainState, gone: PlacedPod[], run: DrainRun, last: boolean): void {
  const known = new Set(run.outages.map(({ service }) => service));
  const touched = new Set(gone.flatMap(({ services }) => services));
  for (const service of touched)
    if ((endpoints[service] ?? 0) === 0 && !known.has(service))
      run.outages.push({ service, wave: run.waves, last });
}
