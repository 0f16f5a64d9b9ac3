import { createRandom, numberFrom, suffixFrom } from "../prng.ts";
import { businessWorkloads } from "./business-workloads.ts";
import { edgeWorkloads } from "./edge-workloads.ts";
import { isEligible, type NodeFacts, type NodePlan, planNodes } from "./node.ts";
import { PortLedger } from "./port-ledger.ts";
import { type Placement, place } from "./scheduler.ts";
import { systemWorkloads } from "./system-workloads.ts";
import type { PodSpec } from "./types.ts";
import type { Workload } from "./workload.ts";

/** Everything that is decided before the first object is built: who exists, where it runs, which address it has. */
export type Plan = NodePlan & {
  nodeFacts: NodeFacts[];
  workloads: Workload[];
  /** first pod slot of each workload; one more at the end */
  firstSlot: Int32Array;
  /** per pod slot: its workload, node (-1: none) and address (0: none) */
  workloadOf: Int32Array;
  nodeOf: Int32Array;
  ipOf: Uint32Array;
  /** per pod slot "namespace/name" */
  podKeys: string[];
  /** next free address of each node, counted from the start of its range */
  nextAddress: Int32Array;
  ports: PortLedger;
  whyPending: Map<number, string>;
  /** when this cluster was started: only what happened lately is told from there */
  startedMs: number;
};

export function makePlan(options: NodePlan, planted: readonly Workload[]): Plan {
  const nodeFacts = planNodes(options);
  const system = [...systemWorkloads(), ...edgeWorkloads()];
  const countOf = (workload: Workload) => podCount(workload, nodeFacts);
  const fixed = [...system, ...planted].reduce((sum, workload) => sum + countOf(workload), 0);
  // however much is planted, there is a healthy part
  const least = Math.ceil(options.pods / 4);
  const business = businessWorkloads(Math.max(least, options.pods - fixed), createRandom(options.seed));
  const workloads = [...system, ...planted, ...business];
  const firstSlot = new Int32Array(workloads.length + 1);
  workloads.forEach((workload, index) => {
    firstSlot[index + 1] = (firstSlot[index] ?? 0) + countOf(workload);
  });
  const total = firstSlot[workloads.length] ?? 0;
  const plan: Plan = {
    ...options,
    nodeFacts,
    workloads,
    firstSlot,
    workloadOf: new Int32Array(total),
    nodeOf: new Int32Array(total).fill(-1),
    ipOf: new Uint32Array(total),
    podKeys: [],
    nextAddress: new Int32Array(nodeFacts.length).fill(2),
    ports: new PortLedger(),
    whyPending: new Map(),
    startedMs: Date.now(),
  };
  workloads.forEach((workload, index) => {
    placePods(plan, workload, index);
  });
  return plan;
}

function podCount(workload: Workload, nodes: readonly NodeFacts[]): number {
  if (workload.kind !== "DaemonSet" && workload.kind !== "StaticPod") return workload.replicas;
  return nodes.filter((node) => isEligible(node, workload.template.spec)).length;
}

function placePods(plan: Plan, workload: Workload, index: number): void {
  const { spec } = workload.template;
  const perNode = workload.kind === "DaemonSet" || workload.kind === "StaticPod";
  const eligible = plan.nodeFacts.filter((node) => isEligible(node, spec));
  const start =
    numberFrom(`${plan.seed}/${workload.namespace}/${workload.name}`) % Math.max(1, eligible.length);
  const names = new Set<string>();
  const first = plan.firstSlot[index] ?? 0;
  const end = plan.firstSlot[index + 1] ?? first;
  for (let slot = first; slot < end; slot += 1) {
    const ordinal = slot - first;
    const history = workload.history?.(ordinal);
    const wanted = plan.nodeFacts.find(({ name }) => name === history?.nodeName);
    const own = perNode ? eligible[ordinal] : wanted;
    const placement = placementOf(
      plan,
      { spec, eligible, own, why: history?.unschedulable },
      start + ordinal,
    );
    const finished = history?.phase === "Succeeded" || history?.phase === "Failed";
    const name = podName(plan.seed, workload, ordinal, own?.name ?? "", names);
    const key = `${workload.namespace}/${name}`;
    plan.podKeys.push(key);
    plan.workloadOf[slot] = index;
    if (placement.node === null) {
      plan.whyPending.set(slot, placement.why);
      continue;
    }
    plan.nodeOf[slot] = placement.node.index;
    if (!finished) plan.ports.take(placement.node.index, key, spec);
    if (!spec.hostNetwork && history?.ip === undefined) plan.ipOf[slot] = takeAddress(plan, placement.node);
  }
}

type Wish = {
  spec: PodSpec;
  eligible: readonly NodeFacts[];
  own: NodeFacts | undefined;
  why: string | undefined;
};

function placementOf(plan: Plan, { spec, eligible, own, why }: Wish, start: number): Placement {
  if (why !== undefined) return { node: null, why };
  return own ? { node: own } : place(plan, eligible, spec, start);
}

/** A free address of this node. Deterministic; none is given twice. */
export function takeAddress(plan: Plan, node: NodeFacts): number {
  const next = plan.nextAddress[node.index] ?? 2;
  plan.nextAddress[node.index] = next + 1;
  return node.podRangeStart + next;
}

function podName(
  seed: number,
  workload: Workload,
  ordinal: number,
  nodeName: string,
  taken: Set<string>,
): string {
  if (workload.kind === "Pod") return workload.name;
  if (workload.kind === "StatefulSet") return `${workload.name}-${ordinal}`;
  if (workload.kind === "StaticPod") return `${workload.name}-${nodeName}`;
  const prefix = `${workload.name}${workload.kind === "Deployment" ? `-${templateHash(seed, workload)}` : ""}-`;
  for (let attempt = 0; ; attempt += 1) {
    const suffix = suffixFrom(`${seed}/${workload.namespace}/${workload.name}/${ordinal}/${attempt}`, 5);
    if (taken.has(suffix)) continue;
    taken.add(suffix);
    return prefix + suffix;
  }
}

/** The pod-template-hash of a Deployment's first ReplicaSet. */
export function templateHash(seed: number, workload: Workload): string {
  return suffixFrom(`${seed}/template/${workload.namespace}/${workload.name}`, 9);
}
