import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Container, Node, Pod, PodSpec, Service } from "kubernetes-types/core/v1.d.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** The four properties of a resilient component, as far as objects show them. */

export const properties = ["replication", "containment", "isolation", "delegation"] as const;
export type Property = (typeof properties)[number];

type Labels = Record<string, string>;
/** What a pod's spec says about containment and delegation. */
export type Guard = { unlimited: string[]; readiness: boolean };
export type ServedWorkload = Guard & {
  kind: string;
  namespace: string;
  name: string;
  replicas: number;
  labels: Labels;
};
export type Selection = { namespace: string; name: string; selector: Labels };
export type Failure = { container: string; reason: string; exitCode: number; at: string };
export type PlacedPod = OwnedPod & {
  node: string;
  ready: boolean;
  restarts: number;
  failure?: Failure;
  /** only of a pod that nobody owns */
  bare?: Guard & { labels: Labels };
};

function guardOf(spec: PodSpec | undefined): Guard {
  // Limits of the whole pod are newer than the types.
  const whole = (spec as { resources?: Container["resources"] } | undefined)?.resources?.limits?.memory;
  const containers = spec?.containers ?? [];
  return {
    unlimited:
      whole === undefined
        ? containers
            .filter(({ resources }) => resources?.limits?.memory === undefined)
            .map(({ name }) => name)
        : [],
    readiness:
      containers.some(({ readinessProbe }) => readinessProbe !== undefined) ||
      Boolean(spec?.readinessGates?.length),
  };
}

export function pickServed(kind: string) {
  return ({ metadata, spec }: Deployment | StatefulSet): ServedWorkload | undefined => {
    const replicas = spec?.replicas ?? 1;
    const labels = spec?.template?.metadata?.labels;
    if (replicas === 0 || !labels || metadata?.deletionTimestamp !== undefined) return undefined;
    return {
      kind,
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
      replicas,
      labels,
      ...guardOf(spec?.template.spec),
    };
  };
}

export function pickSelection({ metadata, spec }: Service): Selection | undefined {
  const selector = spec?.selector ?? {};
  if (spec?.type === "ExternalName" || Object.keys(selector).length === 0) return undefined;
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "", selector };
}

/** Whoever runs on every node, or runs once, is replicated or replaced by its very kind. */
const leftOut = new Set(["DaemonSet", "Job", "Node"]);

export function pickPlacedPod(pod: Pod): PlacedPod | undefined {
  const { metadata, spec, status } = pod;
  const owned = pickOwner(metadata);
  const finished = status?.phase === "Succeeded" || status?.phase === "Failed";
  if (finished || metadata?.deletionTimestamp !== undefined || leftOut.has(owned.owner?.kind ?? ""))
    return undefined;
  const ends = (status?.containerStatuses ?? []).flatMap(({ name, lastState }): Failure[] => {
    const end = lastState?.terminated;
    if (!end?.finishedAt || end.exitCode === 0) return [];
    return [{ container: name, reason: end.reason ?? "Error", exitCode: end.exitCode, at: end.finishedAt }];
  });
  const failure = ends.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
  return {
    ...owned,
    node: spec?.nodeName ?? "",
    ready: status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false,
    restarts: (status?.containerStatuses ?? []).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    ...(failure && { failure }),
    ...(!owned.owner && { bare: { labels: metadata?.labels ?? {}, ...guardOf(spec) } }),
  };
}

export type Room = { name: string; zone: string };

/** Nodes that take pods. */
export function pickRoom({ metadata, spec }: Node): Room | undefined {
  const closed = spec?.unschedulable || spec?.taints?.some(({ effect }) => effect !== "PreferNoSchedule");
  if (closed) return undefined;
  return { name: metadata?.name ?? "", zone: metadata?.labels?.["topology.kubernetes.io/zone"] ?? "" };
}

export function selects(
  { selector, namespace }: Selection,
  of: { namespace: string },
  labels: Labels,
): boolean {
  return (
    namespace === of.namespace && Object.entries(selector).every(([key, value]) => labels[key] === value)
  );
}
