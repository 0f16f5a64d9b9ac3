import { ipText } from "../objects/node.ts";
import { type Plan, takeAddress } from "../objects/plan.ts";
import { buildPod } from "../objects/pod.ts";
import { placeBeside } from "../objects/scheduler.ts";
import type { PodObject } from "../objects/types.ts";
import type { Store } from "./store.ts";

/** Gives every pod that waits a node, if there is one for it now. */
export function schedulePending(plan: Plan, store: Store): void {
  const held = heldBack(plan);
  for (const key of pendingKeys(plan, store)) {
    const pod = store.get("pods", key) as PodObject | undefined;
    if (!pod || pod.spec?.nodeName || pod.status.phase !== "Pending") continue;
    if (held.has(key) && held.get(key) === whyOf(pod)) continue;
    const { node } = placeBeside(plan, pod.spec, []);
    if (!node) continue;
    plan.ports.take(node.index, key, pod.spec);
    const { labels = {}, annotations } = pod.metadata;
    const bound = buildPod({
      seed: plan.seed,
      namespace: pod.metadata.namespace ?? "",
      name: pod.metadata.name,
      uid: pod.metadata.uid,
      template: {
        metadata: { creationTimestamp: null, labels, ...(annotations && { annotations }) },
        spec: pod.spec,
      },
      node,
      ip: pod.spec.hostNetwork ? null : ipText(takeAddress(plan, node)),
      createdMs: Date.now(),
    });
    store.put("pods", { ...pod, spec: { ...pod.spec, nodeName: node.name }, status: bound.status });
  }
}

/** Pods that had no node when the cluster was made, and those made or written since. */
function pendingKeys(plan: Plan, store: Store): string[] {
  const planned = [...plan.whyPending.keys()].map((slot) => plan.podKeys[slot] ?? "");
  return [...new Set([...planned, ...store.of("pods").changedKeys()])];
}

function whyOf({ status }: PodObject): string | undefined {
  return status.conditions?.find(({ type }) => type === "PodScheduled")?.message;
}

/** Planted pods that wait for what the scheduler here knows nothing of, memory for instance, and its words on them. */
function heldBack(plan: Plan): Map<string, string> {
  const held = new Map<string, string>();
  for (const slot of plan.whyPending.keys()) {
    const index = plan.workloadOf[slot] ?? 0;
    const why = plan.workloads[index]?.history?.(slot - (plan.firstSlot[index] ?? 0))?.unschedulable;
    if (why !== undefined) held.set(plan.podKeys[slot] ?? "", why);
  }
  return held;
}
