import { type DrainCluster, nodesFor, type PlacedPod } from "./drain-cluster.ts";

/** As many nodes that fit are compared before the best of them is taken, as the scheduler itself does it. */
const compared = 16;

type Step = { pod: number; from: number; to: number };

/** Where every pod is at a moment of a drain, and what that means for Services, budgets and room. */
export type DrainState = ReturnType<typeof drainState>;

export function drainState(cluster: DrainCluster) {
  const { nodes, pods, services, budgets, apart } = cluster;
  const at = Int32Array.from(pods, () => -1);
  const cpu = Float64Array.from(nodes, ({ cpuMillis }) => cpuMillis);
  const memory = Float64Array.from(nodes, ({ memoryBytes }) => memoryBytes);
  const room = Int32Array.from(nodes, ({ podRoom }) => podRoom);
  const endpoints = new Int32Array(services.length);
  const allowed = Int32Array.from(budgets, (budget) => budget.allowed);
  const healthy = Int32Array.from(budgets, (budget) => budget.healthy);
  const onNode = nodes.map(() => new Set<number>());
  const owned = new Map<number, number>();
  const domains = apart.map(() => new Map<string, number>());
  const cursors = new Map<number, number>();
  const steps: Step[] = [];

  const count = <K>(map: Map<K, number>, key: K, by: number) => map.set(key, (map.get(key) ?? 0) + by);
  const ownedKey = (owner: number, node: number) => owner * nodes.length + node;

  function shift(pod: PlacedPod, node: number, by: 1 | -1): void {
    cpu[node] = (cpu[node] ?? 0) - by * pod.facts.cpuMillis;
    memory[node] = (memory[node] ?? 0) - by * pod.facts.memoryBytes;
    room[node] = (room[node] ?? 0) - by;
    if (by === 1) onNode[node]?.add(pod.index);
    else onNode[node]?.delete(pod.index);
    count(owned, ownedKey(pod.owner, node), by);
    for (const id of pod.shunnedBy) {
      const domain = apart[id]?.domainOf(node);
      const known = domains[id];
      if (domain !== undefined && known) count(known, domain, by);
    }
    for (const service of pod.services)
      if (isEndpoint(pod, services[service]?.unready)) endpoints[service] = (endpoints[service] ?? 0) + by;
  }

  /** A pod's health counts for its budget from the moment it is read, so the first placing is none of these. */
  function budgetShift(pod: PlacedPod, by: 1 | -1): void {
    if (!pod.facts.ready) return;
    for (const budget of pod.budgets) {
      allowed[budget] = (allowed[budget] ?? 0) + by;
      healthy[budget] = (healthy[budget] ?? 0) + by;
    }
  }

  function step(pod: PlacedPod, to: number): void {
    const from = at[pod.index] ?? -1;
    if (from >= 0) shift(pod, from, -1);
    if (to >= 0) shift(pod, to, 1);
    if (from >= 0 !== to >= 0) budgetShift(pod, to >= 0 ? 1 : -1);
    at[pod.index] = to;
  }

  for (const pod of pods)
    if (pod.node >= 0) {
      shift(pod, pod.node, 1);
      at[pod.index] = pod.node;
    }

  const hasRoom = (pod: PlacedPod, node: number): boolean =>
    (room[node] ?? 0) >= 1 &&
    (cpu[node] ?? 0) >= pod.facts.cpuMillis &&
    (memory[node] ?? 0) >= pod.facts.memoryBytes;
  const hasDistance = (pod: PlacedPod, node: number): boolean =>
    pod.keepsApart.every((id) => {
      const domain = apart[id]?.domainOf(node);
      return domain === undefined || (domains[id]?.get(domain) ?? 0) === 0;
    });
  const score = (pod: PlacedPod, node: number): number =>
    (cpu[node] ?? 0) / Math.max(1, nodes[node]?.cpuMillis ?? 1) -
    1_000 * (owned.get(ownedKey(pod.owner, node)) ?? 0);

  /** A node that would take the pod: of the first few that fit, the one with fewest of its own kind and most room. */
  function findNode(pod: PlacedPod, isAway: (node: number) => boolean): number {
    const candidates = nodesFor(cluster, pod.shape);
    const start = cursors.get(pod.shape) ?? 0;
    let best = -1;
    let found = 0;
    for (let tried = 0; tried < candidates.length && found < compared; tried += 1) {
      const place = (start + tried) % candidates.length;
      const node = candidates[place] ?? -1;
      if (isAway(node) || !hasRoom(pod, node) || !hasDistance(pod, node)) continue;
      found += 1;
      cursors.set(pod.shape, (place + 1) % candidates.length);
      if (best < 0 || score(pod, node) > score(pod, best)) best = node;
    }
    return best;
  }

  return {
    cluster,
    at,
    endpoints,
    allowed,
    healthy,
    onNode,
    hasRoom,
    hasDistance,
    findNode,
    /** Puts a pod elsewhere, or nowhere (-1). */
    move(pod: PlacedPod, to: number): void {
      steps.push({ pod: pod.index, from: at[pod.index] ?? -1, to });
      step(pod, to);
    },
    mark: () => steps.length,
    /** Takes back every move since a mark. */
    undo(mark: number): void {
      while (steps.length > mark) {
        const last = steps.pop();
        const pod = last && pods[last.pod];
        if (last && pod) step(pod, last.from);
      }
    },
  };
}

/** Whether the pod is an address of a Service while it is on a node. */
export function isEndpoint({ facts }: PlacedPod, unready: boolean | undefined): boolean {
  return !facts.ending && ((facts.ready ?? false) || (unready ?? false));
}
