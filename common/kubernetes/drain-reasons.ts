import type { DrainCluster, PlacedPod } from "./drain-cluster.ts";
import { isEvicted } from "./drain-facts.ts";
import { type DrainState, isEndpoint } from "./drain-state.ts";
import type { DrainRun } from "./drain-waves.ts";

/** Why a node cannot be drained while every Service stays up. Services, budgets and pods by their index. */
export type Obstacle = {
  code: "service-goes-down" | "overlapping-budgets" | "budget-allows-nothing" | "budget-waits";
  /** it holds in whatever order nodes are drained */
  certain: boolean;
  service?: number;
  budget?: number;
  pods: number[];
};

/** What stands in the way of a node whatever was drained before it. */
export function certainObstacles(state: DrainState, node: number): Obstacle[] {
  const { cluster } = state;
  const here = (cluster.podsOn[node] ?? []).flatMap((index) => cluster.pods[index] ?? []);
  return [...heldBack(cluster, here), ...emptied(state, here)];
}

function heldBack({ budgets }: DrainCluster, here: PlacedPod[]): Obstacle[] {
  const groups = new Map<string, Obstacle>();
  for (const { index, facts, budgets: own } of here) {
    const [first = -1] = own;
    const budget = budgets[first];
    if (!budget || !isEvicted(facts) || facts.pending) continue;
    const overlapping = own.length > 1;
    if (!overlapping && (budget.allowed > 0 || (!facts.ready && unreadyMayGo(budget)))) continue;
    const code = overlapping ? "overlapping-budgets" : "budget-allows-nothing";
    const key = `${code} ${own.join(" ")}`;
    const group = groups.get(key) ?? { code, certain: true, budget: first, pods: [] };
    group.pods.push(index);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function unreadyMayGo({ unreadyMayGo, healthy, desired }: DrainCluster["budgets"][number]): boolean {
  return unreadyMayGo === true || (desired > 0 && healthy >= desired);
}

/** Services all of whose endpoints are here and leave in the same moment. */
function emptied({ cluster, endpoints }: DrainState, here: PlacedPod[]): Obstacle[] {
  const onNode = new Map<number, PlacedPod[]>();
  for (const pod of here)
    for (const service of pod.services)
      if (isEndpoint(pod, cluster.services[service]?.unready))
        onNode.set(service, [...(onNode.get(service) ?? []), pod]);
  return [...onNode].flatMap(([service, pods]): Obstacle[] => {
    if (pods.length < (endpoints[service] ?? 0)) return [];
    const evicted = pods.filter(({ facts }) => isEvicted(facts));
    const together =
      pods.length === 1 ||
      evicted.length === 0 ||
      (evicted.length === pods.length &&
        pods.every(({ budgets, facts }) => facts.pending || budgets.length === 0));
    if (!together) return [];
    return [{ code: "service-goes-down", certain: true, service, pods: pods.map(({ index }) => index) }];
  });
}

/** What stood in the way when the node was tried, after all that had been drained before it. */
export function obstaclesOf({ cluster }: DrainState, run: DrainRun): Obstacle[] {
  const found: Obstacle[] = run.outages.map(({ service }) => ({
    ...{ code: "service-goes-down", certain: false, service },
    pods: run.moves.flatMap(({ pod }) => (cluster.pods[pod]?.services.includes(service) ? [pod] : [])),
  }));
  const byBudget = new Map<string, Obstacle>();
  for (const { pod, why } of run.refused) {
    const [budget = -1] = cluster.pods[pod]?.budgets ?? [];
    const group = byBudget.get(`${budget} ${why}`) ?? { code: why, certain: false, budget, pods: [] };
    group.pods.push(pod);
    byBudget.set(`${budget} ${why}`, group);
  }
  return [...found, ...byBudget.values()];
}
