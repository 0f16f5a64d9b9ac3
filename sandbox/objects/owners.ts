import { uidFrom } from "../prng.ts";
import { isNodeReady } from "./node.ts";
import { type Plan, templateHash } from "./plan.ts";
import { time } from "./time.ts";
import type { ApiObject, OwnerReference, PodTemplate } from "./types.ts";
import { isServing, type Workload } from "./workload.ts";

export function createdMs(plan: Plan, workload: Workload): number {
  const ageHours = 24 + (Number.parseInt(uidOf(plan, "age", workload).slice(0, 6), 16) % 1_000);
  return plan.epochMs - ageHours * 3_600_000;
}

export function uidOf(plan: { seed: number }, kind: string, of: { namespace: string; name: string }): string {
  return uidFrom(`${plan.seed}/${kind}/${of.namespace}/${of.name}`);
}

export function ownerReference(
  kind: string,
  name: string,
  uid: string,
  apiVersion = kind === "Job" || kind === "CronJob" ? "batch/v1" : "apps/v1",
): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function replicaSetName(plan: Plan, workload: Workload): string {
  return `${workload.name}-${templateHash(plan.seed, workload)}`;
}

/** How many pods of the plan run and are ready: a status that agrees with the pods. */
export function readyCount(plan: Plan, index: number): { total: number; ready: number } {
  const first = plan.firstSlot[index] ?? 0;
  const end = plan.firstSlot[index + 1] ?? first;
  const workload = plan.workloads[index];
  let ready = 0;
  for (let slot = first; slot < end; slot += 1) {
    const node = plan.nodeFacts[plan.nodeOf[slot] ?? -1];
    if (node && isNodeReady(node) && isServing(workload?.history?.(slot - first))) ready += 1;
  }
  return { total: end - first, ready };
}

export function buildDeployment(plan: Plan, index: number, workload: Workload): ApiObject {
  const { total, ready } = readyCount(plan, index);
  const created = time(createdMs(plan, workload));
  const { labels } = workload.template.metadata;
  return {
    metadata: {
      name: workload.name,
      namespace: workload.namespace,
      uid: uidOf(plan, "Deployment", workload),
      generation: 1,
      creationTimestamp: created,
      labels,
      annotations: { "deployment.kubernetes.io/revision": "1" },
    },
    spec: {
      replicas: workload.replicas,
      selector: { matchLabels: labels },
      template: workload.template,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
    status: deploymentStatus(total, ready, created, `${replicaSetName(plan, workload)}`, 1),
  };
}

export function deploymentStatus(
  total: number,
  ready: number,
  changed: string,
  replicaSet: string,
  generation: number,
): Record<string, unknown> {
  const condition = (type: string, met: boolean, reason: string, message: string) => ({
    type,
    status: met ? "True" : "False",
    lastUpdateTime: changed,
    lastTransitionTime: changed,
    reason,
    message,
  });
  const available = ready >= Math.ceil(total * 0.75);
  return {
    observedGeneration: generation,
    replicas: total,
    updatedReplicas: total,
    ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
    ...(ready < total && { unavailableReplicas: total - ready }),
    conditions: [
      available
        ? condition("Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.")
        : condition(
            "Available",
            false,
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
          ),
      condition(
        "Progressing",
        true,
        "NewReplicaSetAvailable",
        `ReplicaSet "${replicaSet}" has successfully progressed.`,
      ),
    ],
  };
}

export function buildReplicaSet(plan: Plan, index: number, workload: Workload): ApiObject {
  const { total, ready } = readyCount(plan, index);
  return replicaSetObject({
    namespace: workload.namespace,
    hash: templateHash(plan.seed, workload),
    template: workload.template,
    deployment: { name: workload.name, uid: uidOf(plan, "Deployment", workload) },
    uid: uidOf(plan, "ReplicaSet", { namespace: workload.namespace, name: replicaSetName(plan, workload) }),
    created: time(createdMs(plan, workload)),
    replicas: workload.replicas,
    total,
    ready,
    revision: "1",
  });
}

export type ReplicaSetInput = {
  namespace: string;
  hash: string;
  template: PodTemplate;
  deployment: { name: string; uid: string };
  uid: string;
  created: string;
  replicas: number;
  total: number;
  ready: number;
  revision: string;
};

export function replicaSetObject(input: ReplicaSetInput): ApiObject {
  const labels = { ...input.template.metadata.labels, "pod-template-hash": input.hash };
  return {
    metadata: {
      name: `${input.deployment.name}-${input.hash}`,
      namespace: input.namespace,
      uid: input.uid,
      generation: 1,
      creationTimestamp: input.created,
      labels,
      annotations: {
        "deployment.kubernetes.io/desired-replicas": String(input.replicas),
        "deployment.kubernetes.io/max-replicas": String(input.replicas + Math.ceil(input.replicas / 4)),
        "deployment.kubernetes.io/revision": input.revision,
      },
      ownerReferences: [ownerReference("Deployment", input.deployment.name, input.deployment.uid)],
    },
    spec: {
      replicas: input.replicas,
      selector: { matchLabels: labels },
      template: { metadata: { ...input.template.metadata, labels }, spec: input.template.spec },
    },
    status: {
      replicas: input.total,
      fullyLabeledReplicas: input.total,
      ...(input.ready > 0 && { readyReplicas: input.ready, availableReplicas: input.ready }),
      observedGeneration: 1,
    },
  };
}
