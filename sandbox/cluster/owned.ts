import type { ApiObject, PodObject, PodTemplate } from "../objects/types.ts";
import type { Store } from "./store.ts";

export type OwnerKind = "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job";
export const storedAs: Record<string, string> = {
  Deployment: "deployments.apps",
  ReplicaSet: "replicasets.apps",
  StatefulSet: "statefulsets.apps",
  DaemonSet: "daemonsets.apps",
  Job: "jobs.batch",
};

export type WorkloadSpec = { replicas?: number; template: PodTemplate };

export function workloadSpec(owner: ApiObject): WorkloadSpec | undefined {
  const spec = objectOf(owner.spec);
  return "template" in spec ? (spec as WorkloadSpec) : undefined;
}

export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

const ownedBy = (owner: ApiObject, { metadata }: ApiObject) =>
  metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false;

function* below(store: Store, resource: string, owner: ApiObject): Generator<ApiObject> {
  // what an owner makes is named after it: no need to look at the rest
  const prefix = `${owner.metadata.namespace}/${owner.metadata.name}-`;
  for (const [, object] of store.of(resource).walk(prefix, prefix, store.revision)) {
    if (ownedBy(owner, object)) yield object;
  }
}

export function podsOf(store: Store, owner: ApiObject): PodObject[] {
  return [...below(store, "pods", owner)] as PodObject[];
}

export function replicaSetsOf(store: Store, deployment: ApiObject): ApiObject[] {
  return [...below(store, "replicasets.apps", deployment)];
}

export function isReady(pod: PodObject): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
