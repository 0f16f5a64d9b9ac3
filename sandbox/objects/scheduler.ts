import { isEligible, type NodeFacts } from "./node.ts";
import type { PortLedger } from "./port-ledger.ts";
import type { PodSpec } from "./types.ts";

export type Placement = { node: NodeFacts } | { node: null; why: string };

type Cluster = { nodeFacts: readonly NodeFacts[]; ports: PortLedger };

/**
 * The first of these nodes from `start` on whose ports are free, or the scheduler's words for why there is none.
 * Pods that start one after another go to one node after another, and so to one zone after another.
 */
export function place(
  { nodeFacts, ports }: Cluster,
  eligible: readonly NodeFacts[],
  spec: PodSpec,
  start: number,
): Placement {
  for (let step = 0; step < eligible.length; step += 1) {
    const node = eligible[(start + step) % eligible.length];
    if (node && ports.isFree(node.index, spec)) return { node };
  }
  return {
    node: null,
    why: explain(nodeFacts, spec, nodeFacts.length - eligible.length, eligible.length),
  };
}

/** Where a new pod goes: to the eligible node that has the fewest pods of its owner. */
export function placeBeside(cluster: Cluster, spec: PodSpec, nodesOfOwner: readonly string[]): Placement {
  const held = Map.groupBy(nodesOfOwner, (name) => name);
  const eligible = cluster.nodeFacts
    .filter((node) => isEligible(node, spec))
    .toSorted((left, right) => (held.get(left.name)?.length ?? 0) - (held.get(right.name)?.length ?? 0));
  return place(cluster, eligible, spec, 0);
}

function explain(nodes: readonly NodeFacts[], spec: PodSpec, unselected: number, taken: number): string {
  const total = nodes.length;
  const tainted = spec.nodeSelector
    ? 0
    : nodes.filter((node) => node.tainted && !isEligible(node, spec)).length;
  const parts = [
    taken > 0 && `${taken} node(s) didn't have free ports for the requested pod ports`,
    unselected - tainted > 0 && `${unselected - tainted} node(s) didn't match Pod's node affinity/selector`,
    tainted > 0 && `${tainted} node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }`,
  ].filter((part) => part !== false);
  const preemption = [
    taken > 0 && `${taken} No preemption victims found for incoming pod`,
    unselected > 0 && `${unselected} Preemption is not helpful for scheduling`,
  ].filter((part) => part !== false);
  return `0/${total} nodes are available: ${parts.join(", ")}. preemption: 0/${total} nodes are available: ${preemption.join(", ")}.`;
}
