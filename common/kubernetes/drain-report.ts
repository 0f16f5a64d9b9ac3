import type { DrainNodeRow, DrainReport, DrainWhy, Sample } from "../contracts/drain.ts";
import { type DrainCluster, drainCluster, type PlacedPod, whyNot } from "./drain-cluster.ts";
import { type DrainFacts, type DrainPod, isEvicted, keyOf } from "./drain-facts.ts";
import { zoneOf } from "./drain-order.ts";
import { type DrainState, drainState } from "./drain-state.ts";
import { type DrainRun, drainTogether } from "./drain-waves.ts";

export type OwnerOf = (pod: DrainPod) => { kind: string; namespace?: string; name: string };

const mostListed = 50;
const mostNamed = 5;

export function sampleOf(pods: readonly { namespace: string; name: string }[]): Sample {
  return { count: pods.length, names: pods.slice(0, mostNamed).map(keyOf) };
}

/** The direct owner, where nothing is known of who made that. */
export const directOwner: OwnerOf = ({ namespace, name, owner, labels }) => {
  const hash = labels["pod-template-hash"];
  if (!owner) return { kind: "Pod", namespace, name };
  return owner.kind === "ReplicaSet" && hash && owner.name.endsWith(`-${hash}`)
    ? { kind: "Deployment", namespace, name: owner.name.slice(0, -hash.length - 1) }
    : { kind: owner.kind, namespace, name: owner.name };
};

export function nodeRows({ nodes, pods }: DrainFacts): DrainNodeRow[] {
  const movers = new Map<string, number>();
  for (const pod of pods) if (isEvicted(pod)) movers.set(pod.node, (movers.get(pod.node) ?? 0) + 1);
  return nodes.map(({ name, labels, taints, controlPlane, ready }) => ({
    ...{ name, controlPlane, ready, zone: zoneOf(labels), pods: movers.get(name) ?? 0 },
    cordoned: taints.some(({ key }) => key === "node.kubernetes.io/unschedulable"),
  }));
}

/** What draining these nodes together does, in the words of a report. Names that are no nodes are passed over. */
export function drainReport(facts: DrainFacts, names: readonly string[], ownerOf: OwnerOf): DrainReport {
  const cluster = drainCluster(facts);
  const batch = [...new Set(names.flatMap((name) => cluster.nodeIndex.get(name) ?? []))];
  const state = drainState(cluster);
  const before = [...state.endpoints];
  const run = drainTogether(state, batch);
  const least = leastEndpoints(cluster, run, before);
  const down = run.outages.flatMap(({ service, last }) => {
    const of = cluster.services[service];
    if (!of) return [];
    const { namespace, name } = of;
    return [{ namespace, name, endpoints: before[service] ?? 0, last, after: state.endpoints[service] ?? 0 }];
  });
  const outages = new Set(run.outages.map(({ service }) => service));
  const thin = cluster.services.flatMap(({ namespace, name }, service) => {
    const endpoints = before[service] ?? 0;
    const left = least[service] ?? endpoints;
    return left * 2 < endpoints && !outages.has(service) ? [{ namespace, name, endpoints, left }] : [];
  });
  thin.sort((a, b) => a.left / a.endpoints - b.left / b.endpoints);
  const refused = refusals(cluster, run);
  const homeless = homelessGroups(state, run, batch, ownerOf);
  const factsAt = (indexes: readonly number[]) =>
    indexes.flatMap((index) => cluster.pods[index]?.facts ?? []);
  const evicted = run.moves.map(({ pod }) => pod);
  return {
    ...{ nodes: batch.length, evicted: evicted.length, waves: run.waves },
    staying: batch
      .flatMap((node) => cluster.podsOn[node] ?? [])
      .filter((index) => !isEvicted(cluster.pods[index]?.facts ?? gone)).length,
    down: down.slice(0, mostListed),
    thin: thin.slice(0, mostListed),
    refused: refused.slice(0, mostListed),
    homeless: homeless.slice(0, mostListed),
    lost: sampleOf(factsAt(run.lost)),
    scratch: sampleOf(factsAt(evicted).filter((pod) => pod.scratch)),
    totals: {
      ...{ down: down.length, thin: thin.length, refused: refused.length, homeless: homeless.length },
    },
  };
}

const gone: DrainPod = {
  ...{ namespace: "", name: "", node: "", labels: {}, cpuMillis: 0, memoryBytes: 0, ending: true },
};

/** The fewest endpoints each Service has while evictions go in their waves. */
function leastEndpoints(
  { pods, services }: DrainCluster,
  run: DrainRun,
  before: readonly number[],
): number[] {
  const now = [...before];
  const least = [...before];
  const each = (pod: PlacedPod | undefined, by: number) => {
    for (const service of pod?.services ?? []) {
      if (!pod?.facts.ready && !services[service]?.unready) continue;
      now[service] = (now[service] ?? 0) + by;
      least[service] = Math.min(least[service] ?? 0, now[service] ?? 0);
    }
  };
  for (let wave = 1; wave <= run.waves; wave += 1) {
    const moves = run.moves.filter((move) => move.wave === wave);
    for (const { pod } of moves) each(pods[pod], -1);
    for (const { pod, to } of moves) if (to >= 0) each(pods[pod], 1);
  }
  for (const pod of run.resting) if (!pods[pod]?.facts.ending) each(pods[pod], -1);
  return least;
}

function refusals({ pods, budgets }: DrainCluster, run: DrainRun): DrainReport["refused"] {
  const groups = new Map<string, { why: DrainReport["refused"][number]["why"]; pods: PlacedPod[] }>();
  for (const { pod: index, why } of run.refused) {
    const pod = pods[index];
    if (!pod) continue;
    const key = `${why} ${pod.budgets.join(" ")}`;
    const group = groups.get(key) ?? { why, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ why, pods: held }) => {
    const of = (held[0]?.budgets ?? []).flatMap((index) => budgets[index] ?? []);
    return {
      ...{ why, namespace: of[0]?.namespace ?? "", budgets: of.map(({ name }) => name) },
      ...{ rule: of[0]?.rule ?? "", pods: sampleOf(held.map(({ facts }) => facts)) },
    };
  });
}

function homelessGroups(
  state: DrainState,
  run: DrainRun,
  batch: readonly number[],
  ownerOf: OwnerOf,
): DrainReport["homeless"] {
  const groups = new Map<string, { first: PlacedPod; count: number }>();
  for (const index of run.homeless) {
    const pod = state.cluster.pods[index];
    if (!pod) continue;
    const key = `${pod.owner} ${pod.shape}`;
    const group = groups.get(key) ?? { first: pod, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  const away = new Set(batch);
  const sorted = [...groups.values()].sort((a, b) => b.count - a.count).slice(0, mostListed * 4);
  return sorted.map(({ first, count }) => {
    const { kind, namespace = "", name } = ownerOf(first.facts);
    return { owner: { kind, namespace, name }, count, why: reasons(state, first, away) };
  });
}

/** Why each node turns the pod away, now that all others have been placed. */
function reasons(state: DrainState, pod: PlacedPod, away: ReadonlySet<number>): DrainWhy {
  const why: DrainWhy = {
    ...{ drained: 0, selector: 0, taint: 0, volume: 0, "not-ready": 0, apart: 0, room: 0 },
  };
  const shape = state.cluster.shapes[pod.shape];
  for (const [index, node] of state.cluster.nodes.entries()) {
    const misfit = shape && whyNot(shape, node);
    if (away.has(index)) why.drained += 1;
    else if (misfit) why[misfit] += 1;
    else if (!state.hasDistance(pod, index)) why.apart += 1;
    else if (!state.hasRoom(pod, index)) why.room += 1;
  }
  return why;
}
