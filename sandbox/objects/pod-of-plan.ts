import { uidFrom } from "../prng.ts";
import { jobLabels } from "./jobs.ts";
import { ipText } from "./node.ts";
import { createdMs, ownerReference, replicaSetName, uidOf } from "./owners.ts";
import { type Plan, templateHash } from "./plan.ts";
import { buildPod } from "./pod.ts";
import { withProxy } from "./proxy.ts";
import { controllerRevision } from "./sets.ts";
import type { OwnerReference, PodObject } from "./types.ts";
import type { Workload } from "./workload.ts";

/** The pod in this slot, built anew each time: thousands of pods take no memory between two requests. */
export function buildPlannedPod(plan: Plan, slot: number): PodObject {
  const index = plan.workloadOf[slot] ?? 0;
  const workload = plan.workloads[index];
  const key = plan.podKeys[slot];
  if (!workload || key === undefined) throw new RangeError(`There is no pod slot ${slot}.`);
  const ordinal = slot - (plan.firstSlot[index] ?? 0);
  const history = workload.history?.(ordinal);
  const node = plan.nodeFacts[plan.nodeOf[slot] ?? -1] ?? null;
  const address = plan.ipOf[slot] ?? 0;
  return buildPod({
    seed: plan.seed,
    namespace: workload.namespace,
    name: key.slice(workload.namespace.length + 1),
    template: workload.injected ? withProxy(workload.template, workload.injected) : workload.template,
    ...identityOf(plan, workload, ordinal),
    node,
    ip: history?.ip ?? (address === 0 ? null : ipText(address)),
    unschedulable: plan.whyPending.get(slot),
    ...(history?.ageMs !== undefined && { uid: uidFrom(`${plan.seed}/Pod/${key}/young`) }),
    createdMs:
      history?.ageMs === undefined
        ? createdMs(plan, workload) + (ordinal % 60) * 1_000
        : plan.startedMs - history.ageMs,
    startedMs: plan.startedMs,
    ...(history && { history }),
  });
}

type Identity = {
  generateName?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: OwnerReference;
};

function identityOf(plan: Plan, workload: Workload, ordinal: number): Identity {
  const { kind, name, namespace } = workload;
  if (kind === "Pod") return {};
  if (kind === "StaticPod") return staticIdentity(plan, workload);
  if (kind === "Deployment") {
    const replicaSet = replicaSetName(plan, workload);
    return {
      generateName: `${replicaSet}-`,
      labels: { "pod-template-hash": templateHash(plan.seed, workload) },
      owner: ownerReference(
        "ReplicaSet",
        replicaSet,
        uidOf(plan, "ReplicaSet", { namespace, name: replicaSet }),
      ),
    };
  }
  const owner = ownerReference(kind, name, uidOf(plan, kind, workload));
  if (kind === "Job") return { generateName: `${name}-`, labels: jobLabels(plan, workload), owner };
  return { generateName: `${name}-`, labels: revisionLabels(plan, workload, ordinal), owner };
}

function revisionLabels(plan: Plan, workload: Workload, ordinal: number): Record<string, string> {
  const revision = controllerRevision(plan, workload);
  if (workload.kind === "DaemonSet") {
    return {
      "controller-revision-hash": revision.slice(workload.name.length + 1),
      "pod-template-generation": "1",
    };
  }
  return {
    "apps.kubernetes.io/pod-index": String(ordinal),
    "controller-revision-hash": revision,
    "statefulset.kubernetes.io/pod-name": `${workload.name}-${ordinal}`,
  };
}

function staticIdentity(plan: Plan, workload: Workload): Identity {
  const node = plan.nodeFacts[0];
  const mirror = uidOf(plan, "mirror", workload).replaceAll("-", "");
  if (!node) return {};
  return {
    annotations: {
      "kubernetes.io/config.hash": mirror,
      "kubernetes.io/config.mirror": mirror,
      "kubernetes.io/config.source": "file",
    },
    owner: {
      apiVersion: "v1",
      kind: "Node",
      name: node.name,
      uid: uidFrom(`${plan.seed}/Node/${node.name}`),
      controller: true,
    },
  };
}
