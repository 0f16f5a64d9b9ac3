import { hexFrom, uidFrom } from "../prng.ts";
import type { ApiObject, Toleration } from "./types.ts";

/** What the rest of the generator must know of a node. */
export type NodeFacts = {
  index: number;
  name: string;
  /** the node's own address */
  address: string;
  labels: Record<string, string>;
  controlPlane: boolean;
  tainted: boolean;
  cpuCores: number;
  memoryGi: number;
  /** first address of its pod range, as a number */
  podRangeStart: number;
  podRangeBits: number;
};

export type NodePlan = { seed: number; nodes: number; pods: number; epochMs: number };

/** The first two workers are the edge: what must be reached from outside by a port of the node runs there. */
export const edgeLabel = "example.com/edge";

export function planNodes({ nodes, pods, seed }: NodePlan): NodeFacts[] {
  const wanted = Math.max(256, 2 ** Math.ceil(Math.log2((pods / nodes) * 2 + 128)));
  const podRangeBits = 32 - Math.log2(wanted);
  const base = wanted * nodes <= 65_536 ? ipNumber("10.244.0.0") : ipNumber("10.128.0.0");
  return Array.from({ length: nodes }, (_, index) => {
    const controlPlane = index === 0;
    const name = controlPlane
      ? "practice-control-plane"
      : `practice-worker-${String(index).padStart(2, "0")}`;
    const edge = nodes === 1 || index === 1 || index === 2;
    return {
      index,
      name,
      address: ipText(ipNumber("172.18.0.0") + 2 + index),
      controlPlane,
      tainted: controlPlane && nodes > 1,
      cpuCores: controlPlane ? 4 : ([8, 8, 16][(index + seed) % 3] ?? 8),
      memoryGi: controlPlane ? 16 : 32,
      podRangeStart: base + index * wanted,
      podRangeBits,
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        ...(edge && { [edgeLabel]: "true" }),
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        ...(controlPlane && { "node-role.kubernetes.io/control-plane": "" }),
        "topology.kubernetes.io/zone": `zone-${"abc"[index % 3]}`,
      },
    };
  });
}

/** Would the scheduler consider this node? Node selector and taints only: there is always enough of the rest. */
export function isEligible(
  node: NodeFacts,
  spec: { nodeSelector?: Record<string, string>; tolerations?: Toleration[] },
): boolean {
  const selected = Object.entries(spec.nodeSelector ?? {}).every(
    ([key, value]) => node.labels[key] === value,
  );
  const tolerated = (spec.tolerations ?? []).some(
    ({ key, operator }) =>
      operator === "Exists" && (key === undefined || key === "node-role.kubernetes.io/control-plane"),
  );
  return selected && (!node.tainted || tolerated);
}

/** What is left of the cores for pods, after the node's own daemons. */
export function allocatableMillicores({ cpuCores }: NodeFacts): number {
  return cpuCores * 1000 - 80;
}

export function buildNode(node: NodeFacts, plan: NodePlan): ApiObject {
  const created = new Date(plan.epochMs - 90 * 86_400_000).toISOString().replace(".000", "");
  const heartbeat = new Date(plan.epochMs - 60_000).toISOString().replace(".000", "");
  const identity = hexFrom(`${plan.seed}/machine/${node.name}`, 32);
  const range = `${ipText(node.podRangeStart)}/${node.podRangeBits}`;
  const healthy = (type: string, reason: string, message: string, status = "False") => ({
    type,
    status,
    lastHeartbeatTime: heartbeat,
    lastTransitionTime: created,
    reason,
    message,
  });
  return {
    metadata: {
      name: node.name,
      uid: uidFrom(`${plan.seed}/Node/${node.name}`),
      creationTimestamp: created,
      labels: node.labels,
      annotations: {
        "node.alpha.kubernetes.io/ttl": "0",
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
      },
    },
    spec: {
      podCIDR: range,
      podCIDRs: [range],
      providerID: `practice://${node.name}`,
      ...(node.tainted && {
        taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }],
      }),
    },
    status: {
      capacity: amounts(node.cpuCores, `${node.cpuCores}`, node.memoryGi * 1024 * 1024, plan),
      allocatable: amounts(
        node.cpuCores,
        `${allocatableMillicores(node)}m`,
        (node.memoryGi - 1) * 1024 * 1024,
        plan,
      ),
      conditions: [
        healthy("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        healthy("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        healthy("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        healthy("Ready", "KubeletReady", "kubelet is posting ready status", "True"),
      ],
      addresses: [
        { type: "InternalIP", address: node.address },
        { type: "Hostname", address: node.name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: identity,
        systemUUID: uidFrom(`${plan.seed}/system/${node.name}`),
        bootID: uidFrom(`${plan.seed}/boot/${node.name}`),
        kernelVersion: "6.12.48+deb13-amd64",
        osImage: "Debian GNU/Linux 13 (trixie)",
        containerRuntimeVersion: "containerd://2.1.4",
        kubeletVersion: "v1.33.13",
        kubeProxyVersion: "",
        operatingSystem: "linux",
        architecture: "amd64",
      },
    },
  };
}

function amounts(cores: number, cpu: string, memoryKi: number, plan: NodePlan): Record<string, string> {
  const perNode = Math.ceil(plan.pods / plan.nodes) * 2;
  return {
    cpu,
    "ephemeral-storage": `${cores * 25}Gi`,
    "hugepages-2Mi": "0",
    memory: `${memoryKi}Ki`,
    pods: String(Math.max(110, perNode)),
  };
}

export function ipNumber(text: string): number {
  return text.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

export function ipText(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}
