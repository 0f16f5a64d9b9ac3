import type { Lease } from "kubernetes-types/coordination/v1.d.ts";
import type { ConfigMap, Event, Node, PersistentVolumeClaim } from "kubernetes-types/core/v1.d.ts";
import { type PlacementNode, pickPlacementNode } from "#common/kubernetes/placement.ts";
import { parseQuantity } from "#common/kubernetes/quantity.ts";

/** What stands around a pod: events, its node, the objects it names, the components that should move it on. */

export type SeenEvent = {
  uid: string;
  container?: string;
  reason: string;
  message: string;
  count: number;
  since: string;
  at: string;
};

const silent = new Set(["Scheduled", "Pulled", "Created", "Started", "Pulling", "SuccessfulAttachVolume"]);

/** Events that say how far a pod came on its ordinary way are left out: they are most of all events. */
export function pickSeenEvent(event: Event): SeenEvent | undefined {
  const {
    involvedObject,
    reason = "",
    message,
    count,
    firstTimestamp,
    lastTimestamp,
    eventTime,
    series,
  } = event;
  if (involvedObject.kind !== "Pod" || !involvedObject.uid || silent.has(reason)) return undefined;
  const container = /\{(.+)\}$/.exec(involvedObject.fieldPath ?? "")?.[1];
  const since = firstTimestamp ?? eventTime ?? "";
  return {
    uid: involvedObject.uid,
    ...(container && { container }),
    reason,
    message: (message ?? "").trim().slice(0, 500),
    count: series?.count ?? count ?? 1,
    since,
    at: series?.lastObservedTime ?? lastTimestamp ?? since,
  };
}

export type SeenNode = PlacementNode & {
  ready: string;
  readySince: string;
  /** conditions that tell of trouble: MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable */
  pressures: string[];
  cpuCores: number;
  memoryBytes: number;
};

export function pickSeenNode(node: Node): SeenNode {
  const conditions = node.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === "Ready");
  return {
    ...pickPlacementNode(node),
    ready: ready?.status ?? "Unknown",
    readySince: ready?.lastTransitionTime ?? "",
    pressures: conditions
      .filter(({ type, status }) => type !== "Ready" && status === "True")
      .map(({ type }) => type),
    cpuCores: parseQuantity(node.status?.allocatable?.cpu) ?? 0,
    memoryBytes: parseQuantity(node.status?.allocatable?.memory) ?? 0,
  };
}

export type SeenClaim = { namespace: string; name: string; phase: string; storageClass?: string };

export function pickSeenClaim({ metadata, spec, status }: PersistentVolumeClaim): SeenClaim {
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    phase: status?.phase ?? "",
    ...(spec?.storageClassName !== undefined && { storageClass: spec.storageClassName }),
  };
}

export type SeenMap = { namespace: string; name: string; keys: string[] };

/** Names of keys only; a cluster's ConfigMaps may hold a lot of text. */
export function pickSeenMap({ metadata, data, binaryData }: ConfigMap): SeenMap {
  const keys = [...Object.keys(data ?? {}), ...Object.keys(binaryData ?? {})];
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "", keys: keys.slice(0, 100) };
}

export function pickRenewal({ spec }: Lease): { renewedAt: string } {
  return { renewedAt: spec?.renewTime ?? "" };
}
