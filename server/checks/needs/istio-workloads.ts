import type { DaemonSet, Deployment, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { carries, type MeshService } from "./istio-registry.ts";
import { kinds, kubernetes } from "./kubernetes.ts";
import { optional } from "./need.ts";

/** Workloads that may be exposed: what their pods carry, and what decides whether these get a proxy. */

type Labels = Record<string, string>;
export type MeshWorkload = {
  kind: string;
  namespace: string;
  name: string;
  replicas: number;
  labels: Labels;
  /** names of container ports */
  ports: string[];
};

function pickWorkload(kind: string) {
  return ({ metadata, spec }: Deployment | StatefulSet | DaemonSet): MeshWorkload => {
    const { template } = spec ?? {};
    const containers = [...(template?.spec?.containers ?? []), ...(template?.spec?.initContainers ?? [])];
    return {
      kind,
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
      replicas: spec && "replicas" in spec ? (spec.replicas ?? 1) : 1,
      labels: template?.metadata?.labels ?? {},
      ports: containers.flatMap(({ ports = [] }) => ports.flatMap(({ name }) => name ?? [])),
    };
  };
}

export const workloadNeeds = {
  deployments: kubernetes.list(kinds.Deployment, pickWorkload("Deployment")),
  statefulSets: kubernetes.list(kinds.StatefulSet, pickWorkload("StatefulSet")),
  daemonSets: kubernetes.list(kinds.DaemonSet, pickWorkload("DaemonSet")),
  /** those whose pods are in the mesh without a proxy of their own */
  ambient: optional(
    kubernetes.list(kinds.Namespace, ({ metadata }) =>
      metadata?.labels?.["istio.io/dataplane-mode"] === "ambient" ? (metadata.name ?? "") : undefined,
    ),
  ),
};

/** Whether a Service sends to a workload's pods. */
export function serves(service: MeshService, workload: MeshWorkload): boolean {
  return (
    service.namespace === workload.namespace &&
    service.selector !== null &&
    carries(workload.labels, service.selector)
  );
}

/** By name, or by appProtocol: what Istio takes a port's traffic for. */
export function declaresProtocol(port: MeshService["ports"][number]): boolean {
  return (
    port.appProtocol !== undefined ||
    /^(grpc|grpc-web|http|http2|https|mongo|mysql|redis|tcp|tls|udp)(-|$)/.test(port.name)
  );
}
