import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod, Service } from "kubernetes-types/core/v1.d.ts";
import { type HostPort, hostPortsOf } from "#common/kubernetes/host-port.ts";
import { type PlacementRules, pickPlacementRules } from "#common/kubernetes/placement.ts";
import type { Subject } from "#common/result.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** Who claims a port of a node: pods, workloads that will make pods, and Services with a node port. */

export type PortPod = OwnedPod & { node: string; ports: HostPort[]; hostNetwork: boolean; refused?: string };
export type NodePort = { namespace: string; name: string; port: number; protocol: string };
export type Workload = Subject & { replicas: number; ports: HostPort[]; rules: PlacementRules };

export function pickPortPod(pod: Pod): PortPod | undefined {
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return undefined;
  const ports = hostPortsOf(pod.spec);
  if (ports.length === 0) return undefined;
  const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  const refused = scheduled?.status === "False" ? (scheduled.message ?? "") : "";
  return {
    ...pickOwner(pod.metadata),
    node: pod.spec?.nodeName ?? "",
    ports,
    hostNetwork: pod.spec?.hostNetwork ?? false,
    ...(refused.includes("free ports") && { refused }),
  };
}

export function pickNodePorts(service: Service): NodePort[] | undefined {
  const { namespace = "", name = "" } = service.metadata ?? {};
  const found = (service.spec?.ports ?? []).flatMap(({ nodePort, protocol = "TCP" }) =>
    nodePort ? [{ namespace, name, port: nodePort, protocol }] : [],
  );
  return found.length > 0 ? found : undefined;
}

export function pickPortWorkload(kind: string): (object: Deployment | StatefulSet) => Workload | undefined {
  return ({ metadata, spec }) => {
    const ports = hostPortsOf(spec?.template.spec);
    if (ports.length === 0) return undefined;
    return {
      kind,
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
      replicas: spec?.replicas ?? 1,
      ports,
      rules: pickPlacementRules(spec?.template.spec),
    };
  };
}
