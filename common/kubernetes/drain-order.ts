import { drainCluster, nodesFor } from "./drain-cluster.ts";
import { type DrainFacts, isEvicted } from "./drain-facts.ts";
import { certainObstacles, type Obstacle, obstaclesOf } from "./drain-reasons.ts";
import { type DrainState, drainState, isEndpoint } from "./drain-state.ts";
import { type DrainRun, drainTogether } from "./drain-waves.ts";

export type DrainOrderOptions = {
  /** indexes of the nodes to go through; every node once */
  nodes: readonly number[];
  /** at most so many at the same time */
  parallel: number;
  /** of each Service, so much of its endpoints stays when several nodes go at once */
  keepPercent: number;
  /** never nodes of two zones at once */
  zoneByZone: boolean;
};

export type DrainBatch = {
  nodes: number[];
  run: DrainRun;
  /** pods that found a node once these were given back */
  placed: { pod: number; to: number }[];
};
export type DrainOrder = {
  batches: DrainBatch[];
  blocked: { node: number; obstacles: Obstacle[] }[];
  state: DrainState;
};

const zoneLabels = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];

/**
 * An order of batches in which nodes can be drained, upgraded and given back so that no Service is ever without an
 * endpoint and no budget is broken. Nodes with few pods go first: they come back empty and take what the others give
 * away. A node that cannot go is tried again after others have; what is left at the end is blocked, and says why.
 */
export function drainOrder(facts: DrainFacts, options: DrainOrderOptions): DrainOrder {
  const state = drainState(drainCluster(facts));
  const planner = makePlanner(state, options);
  const blocked: DrainOrder["blocked"] = [];
  let queue: number[] = [];
  for (const node of sorted(state, options)) {
    const obstacles = certainObstacles(state, node);
    if (obstacles.length > 0) blocked.push({ node, obstacles });
    else queue.push(node);
  }
  // Where some would be left without a node, first all others: their room may be what is missing. Asking them again
  // after every single node would take a full cluster minutes, so each time four times as many go before that.
  for (let strict = true, patience = 1; queue.length > 0; ) {
    const before = queue.length;
    queue = planner.pass(queue, strict ? null : patience);
    if (queue.length === before && !strict) break;
    if (!strict) patience *= 4;
    strict = queue.length < before;
  }
  for (const node of queue) blocked.push({ node, obstacles: planner.failures.get(node) ?? [] });
  return { batches: planner.batches, blocked, state };
}

function sorted({ cluster }: DrainState, { nodes, zoneByZone }: DrainOrderOptions): number[] {
  const zones = new Map<string, number>();
  const rank = (node: number): number[] => {
    const zone = zoneOf(cluster.nodes[node]?.labels ?? {});
    if (!zones.has(zone)) zones.set(zone, zones.size);
    const movers = (cluster.podsOn[node] ?? []).filter((index) =>
      isEvicted(cluster.pods[index]?.facts ?? absent),
    );
    return [
      cluster.nodes[node]?.controlPlane ? 0 : 1,
      zoneByZone ? (zones.get(zone) ?? 0) : 0,
      movers.length,
      node,
    ];
  };
  const ranked = nodes.map((node) => ({ node, rank: rank(node) }));
  ranked.sort((a, b) => firstDifference(a.rank, b.rank));
  return ranked.map(({ node }) => node);
}

const absent = {
  ...{ namespace: "", name: "", node: "", labels: {}, cpuMillis: 0, memoryBytes: 0 },
  ending: true as const,
};
const firstDifference = (a: number[], b: number[]): number =>
  a.map((value, at) => value - (b[at] ?? 0)).find((difference) => difference !== 0) ?? 0;

export function zoneOf(labels: Record<string, string>): string {
  return zoneLabels.map((label) => labels[label]).find((zone) => zone !== undefined) ?? "";
}

function makePlanner(state: DrainState, options: DrainOrderOptions) {
  const { cluster } = state;
  const batches: DrainBatch[] = [];
  const failures = new Map<number, Obstacle[]>();
  const waiting = new Set<number>();
  /** where large batches fail, the next is as large as what went, and the one after it twice that */
  let atMost = options.parallel;

  /** Nodes that may go with the first of the queue: together they leave enough of every Service's endpoints. */
  function choose(queue: readonly number[], strict: boolean): number[] {
    const lost = new Map<number, number>();
    const batch: number[] = [];
    for (const node of queue) {
      if (batch.length >= (strict ? atMost : 1)) break;
      if (batch.length > 0 && !goesWith(batch, node)) continue;
      const added = lossOf(state, node);
      const enough = [...added].every(([service, count]) => {
        const all = state.endpoints[service] ?? 0;
        const kept = Math.max(1, Math.ceil((all * options.keepPercent) / 100));
        return all - count - (lost.get(service) ?? 0) >= kept;
      });
      // Alone a node may do without: budgets let its pods go one after the other.
      if (!enough && batch.length === 0) return [node];
      if (!enough) continue;
      for (const [service, count] of added) lost.set(service, (lost.get(service) ?? 0) + count);
      batch.push(node);
    }
    return batch;
  }

  function goesWith([first = -1]: number[], node: number): boolean {
    const one = cluster.nodes[first];
    const other = cluster.nodes[node];
    if (one?.controlPlane || other?.controlPlane) return false;
    return !options.zoneByZone || zoneOf(one?.labels ?? {}) === zoneOf(other?.labels ?? {});
  }

  /** Drains as many of the batch as can be drained together; none leaves the state as it was. */
  function attempt(batch: number[], strict: boolean): number[] {
    for (let some = batch; some.length > 0; some = some.slice(0, Math.floor(some.length / 2))) {
      const mark = state.mark();
      const isAvoidable = (pod: number) => strict && hasElsewhere(state, pod);
      const run = drainTogether(state, some, isAvoidable);
      if (run.outages.length === 0 && run.refused.length === 0 && !run.homeless.some(isAvoidable)) {
        batches.push({ nodes: some, run, placed: giveBack(run) });
        atMost = some === batch ? Math.min(options.parallel, atMost * 2) : some.length;
        return some;
      }
      state.undo(mark);
      if (some.length === 1) failures.set(some[0] ?? -1, obstaclesOf(state, run));
    }
    atMost = 1;
    return [];
  }

  /** The nodes are there again: what belongs to them starts, and what waited for room is placed. */
  function giveBack(run: DrainRun): DrainBatch["placed"] {
    const placed: DrainBatch["placed"] = [];
    for (const index of run.resting) {
      const pod = cluster.pods[index];
      if (pod) state.move(pod, pod.node);
    }
    for (const index of run.homeless) waiting.add(index);
    for (const index of waiting) {
      const pod = cluster.pods[index];
      const to = pod ? state.findNode(pod, () => false) : -1;
      if (!pod || to < 0) continue;
      state.move(pod, to);
      placed.push({ pod: index, to });
      waiting.delete(index);
    }
    return placed;
  }

  /** Goes through the queue once, or until so many went that leave pods without a node; what is left is returned. */
  function pass(queue: number[], patience: number | null): number[] {
    const strict = patience === null;
    const left: number[] = [];
    let went = 0;
    for (let rest = queue; rest.length > 0; ) {
      const done = new Set(attempt(choose(rest, strict), strict));
      const [first = -1] = rest;
      went += done.size;
      if (done.size === 0) left.push(first);
      rest = done.size === 0 ? rest.slice(1) : rest.filter((node) => !done.has(node));
      if (!strict && went >= patience) return [...left, ...rest];
    }
    return left;
  }

  return { batches, failures, pass };
}

/** How many endpoints of each Service are on a node now. */
function lossOf({ cluster, onNode }: DrainState, node: number): Map<number, number> {
  const lost = new Map<number, number>();
  for (const index of onNode[node] ?? []) {
    const pod = cluster.pods[index];
    for (const service of pod?.services ?? [])
      if (pod && isEndpoint(pod, cluster.services[service]?.unready))
        lost.set(service, (lost.get(service) ?? 0) + 1);
  }
  return lost;
}

/** A pod that only its own node can run waits for it in any order. */
export function hasElsewhere({ cluster }: DrainState, index: number): boolean {
  const pod = cluster.pods[index];
  return pod ? nodesFor(cluster, pod.shape).some((node) => node !== pod.node) : false;
}
