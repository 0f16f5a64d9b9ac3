import { isEligible, type NodeFacts } from "./node.ts";
import type { PortLedger } from "./port-ledger.ts";
import type { PodSpec } from "./types.ts";

export type Placement = { node: NodeFacts } | { node: null; why: string };

/** The first eligible node from `start` on whose ports are free, or the scheduler's words for why there is none. */
export function place(
  nodes: readonly NodeFacts[],
  ports: PortLedger,
  spec: PodSpec,
  start: number,
): Placement {
  let unselected = 0;
  let taken = 0;
  for (let step = 0; step < nodes.length; step += 1) {
    const node = nodes[(start + step) % nodes.length];
    if (!node) continue;
    if (!isEligible(node, spec)) unselected += 1;
    else if (!ports.isFree(node.index, spec)) taken += 1;
    else return { node };
  }
  return { node: null, why: explain(nodes, spec, unselected, taken) };
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
