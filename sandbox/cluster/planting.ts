import type { Fault, Planted } from "../faults/fault.ts";
import { type NodePlan, planNodes } from "../objects/node.ts";
import { makePlan, type Plan } from "../objects/plan.ts";
import { buildPlannedPod } from "../objects/pod-of-plan.ts";
import type { ApiObject } from "../objects/types.ts";
import type { Difference } from "./bases.ts";

export type PlantedCluster = { plan: Plan; planted: Map<string, Planted>; difference: Difference };

/** The cluster with these faults in it: who exists, and what is different from the generated objects. */
export function plantCluster(options: NodePlan, faults: readonly Fault[]): PlantedCluster {
  const nodes = planNodes(options);
  const site = { nodes, workers: nodes.filter(({ tainted }) => !tainted) };
  const planted = new Map(faults.map((fault) => [fault.id, fault.plant(site)]));
  const all = [...planted.values()];
  const plan = makePlan(
    { ...options, extraNodes: all.flatMap(({ extraNodes = [] }) => extraNodes) },
    all.flatMap(({ workloads }) => workloads),
  );
  return { plan, planted, difference: differenceOf(plan, all) };
}

function differenceOf(plan: Plan, planted: readonly Planted[]): Difference {
  const extra = new Map<string, ApiObject[]>();
  const podAt = (key: string) => buildPlannedPod(plan, plan.podKeys.indexOf(key));
  for (const { objects } of planted) {
    for (const [name, list] of objects?.(podAt) ?? []) extra.set(name, [...(extra.get(name) ?? []), ...list]);
  }
  return { extra, changes: planted.flatMap(({ changes = [] }) => changes) };
}
