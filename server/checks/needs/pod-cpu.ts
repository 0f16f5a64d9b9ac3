import type { Container, Node, Pod } from "kubernetes-types/core/v1.d.ts";
import { millicores } from "#common/kubernetes/quantity.ts";
import { interned } from "./interned.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** What containers ask of the CPU, and what a node has to give; in thousandths of a core. */

export type ContainerCpu = { name: string; requested: boolean; limit?: number };
export type CpuPod = OwnedPod & { node: string; bounded: boolean; containers: ContainerCpu[] };
export type NodeCpu = { name: string; allocatable: number };

function cpuOf({ name, resources }: Container): ContainerCpu {
  const limit = millicores(resources?.limits?.cpu);
  // "0" means no limit to the kubelet, and no request to the scheduler.
  return {
    name,
    requested: (millicores(resources?.requests?.cpu) ?? 0) > 0,
    ...(limit !== null && limit > 0 && { limit }),
  };
}

export function pickPodCpu(pod: Pod): CpuPod | undefined {
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return undefined;
  const sidecars =
    pod.spec?.initContainers?.filter((container) => container.restartPolicy === "Always") ?? [];
  const containers = interned([...sidecars, ...(pod.spec?.containers ?? [])].map(cpuOf));
  // Resources of the whole pod (spec.resources, since Kubernetes 1.32) are newer than the types.
  const whole = (pod.spec as { resources?: Container["resources"] } | undefined)?.resources;
  return {
    ...pickOwner(pod.metadata),
    node: pod.spec?.nodeName ?? "",
    bounded: whole?.requests?.cpu !== undefined || whole?.limits?.cpu !== undefined,
    containers,
  };
}

export function pickNodeCpu(node: Node): NodeCpu | undefined {
  const allocatable = millicores(node.status?.allocatable?.cpu);
  return allocatable === null ? undefined : { name: node.metadata?.name ?? "", allocatable };
}
