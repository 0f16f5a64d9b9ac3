import { suffixFrom } from "../prng.ts";
import { createdMs, readyCount, uidOf } from "./owners.ts";
import type { Plan } from "./plan.ts";
import { time } from "./time.ts";
import type { ApiObject } from "./types.ts";
import type { Workload } from "./workload.ts";

export function buildStatefulSet(plan: Plan, index: number, workload: Workload): ApiObject {
  const { total, ready } = readyCount(plan, index);
  const revision = controllerRevision(plan, workload);
  const { labels } = workload.template.metadata;
  return {
    metadata: {
      name: workload.name,
      namespace: workload.namespace,
      uid: uidOf(plan, "StatefulSet", workload),
      generation: 1,
      creationTimestamp: time(createdMs(plan, workload)),
      labels,
    },
    spec: {
      replicas: workload.replicas,
      selector: { matchLabels: labels },
      template: workload.template,
      serviceName: workload.name,
      podManagementPolicy: "OrderedReady",
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    },
    status: {
      observedGeneration: 1,
      replicas: total,
      readyReplicas: ready,
      currentReplicas: total,
      updatedReplicas: total,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
      availableReplicas: ready,
    },
  };
}

export function controllerRevision(plan: { seed: number }, of: { namespace: string; name: string }): string {
  return `${of.name}-${suffixFrom(`${plan.seed}/revision/${of.namespace}/${of.name}`, 9)}`;
}

export function buildDaemonSet(plan: Plan, index: number, workload: Workload): ApiObject {
  const { total, ready } = readyCount(plan, index);
  const { labels } = workload.template.metadata;
  return {
    metadata: {
      name: workload.name,
      namespace: workload.namespace,
      uid: uidOf(plan, "DaemonSet", workload),
      generation: 1,
      creationTimestamp: time(createdMs(plan, workload)),
      labels,
      annotations: { "deprecated.daemonset.template.generation": "1" },
    },
    spec: {
      selector: { matchLabels: labels },
      template: workload.template,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
    },
    status: {
      currentNumberScheduled: total,
      numberMisscheduled: 0,
      desiredNumberScheduled: total,
      numberReady: ready,
      observedGeneration: 1,
      updatedNumberScheduled: total,
      numberAvailable: ready,
    },
  };
}
