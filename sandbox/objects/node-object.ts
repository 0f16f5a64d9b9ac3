import { hexFrom, uidFrom } from "../prng.ts";
import { allocatableMillicores, ipText, type NodeFacts, type NodePlan } from "./node.ts";
import { time } from "./time.ts";
import type { ApiObject } from "./types.ts";

export function buildNode(node: NodeFacts, plan: NodePlan): ApiObject {
  const created = time(plan.epochMs - 90 * 86_400_000);
  const { state } = node;
  const identity = hexFrom(`${plan.seed}/machine/${node.name}`, 32);
  const range = `${ipText(node.podRangeStart)}/${node.podRangeBits}`;
  const taints = taintsOf(node);
  return {
    metadata: {
      name: node.name,
      uid: uidFrom(`${plan.seed}/Node/${node.name}`),
      creationTimestamp: created,
      labels: node.labels,
      annotations: {
        "flannel.alpha.coreos.com/backend-type": "vxlan",
        "flannel.alpha.coreos.com/kube-subnet-manager": "true",
        "flannel.alpha.coreos.com/public-ip": node.address,
        "node.alpha.kubernetes.io/ttl": "0",
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
      },
    },
    spec: {
      podCIDR: range,
      podCIDRs: [range],
      providerID: `practice://${node.name}`,
      ...(taints.length > 0 && { taints }),
      ...(state.cordoned && { unschedulable: true }),
    },
    status: {
      capacity: amounts(node.cpuCores, `${node.cpuCores}`, node.memoryGi * 1024 * 1024, plan),
      allocatable: amounts(
        node.cpuCores,
        `${allocatableMillicores(node)}m`,
        (node.memoryGi - 1) * 1024 * 1024,
        plan,
      ),
      conditions: nodeConditions(node, created),
      addresses: [
        { type: "InternalIP", address: node.address },
        { type: "Hostname", address: node.name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: identity,
        systemUUID: uidFrom(`${plan.seed}/system/${node.name}`),
        bootID: uidFrom(`${plan.seed}/boot/${node.name}`),
        kernelVersion: state.kernelVersion ?? "6.12.48+deb13-amd64",
        osImage: "Debian GNU/Linux 13 (trixie)",
        containerRuntimeVersion: state.runtimeVersion ?? "containerd://2.1.4",
        kubeletVersion: state.kubeletVersion ?? "v1.33.13",
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
    pods: String(Math.max(250, perNode)),
  };
}

const pressures = {
  Memory: ["KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  Disk: ["KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  PID: ["KubeletHasSufficientPID", "kubelet has sufficient PID available"],
} as const;
const underPressure = {
  Memory: ["KubeletHasInsufficientMemory", "kubelet has insufficient memory available"],
  Disk: ["KubeletHasDiskPressure", "kubelet has disk pressure"],
  PID: ["KubeletHasInsufficientPID", "kubelet has insufficient PID available"],
} as const;

/** The control plane's own, and those that the node controller sets for what is the matter. */
function taintsOf({ tainted, state }: NodeFacts) {
  const { cordoned, ready, pressure = [], taints = [] } = state;
  const lost = { False: "not-ready", Unknown: "unreachable" } as const;
  const pressed = { Memory: "memory-pressure", Disk: "disk-pressure", PID: "pid-pressure" } as const;
  return [
    ...(tainted ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] : []),
    ...(cordoned ? [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] : []),
    ...(ready
      ? ["NoSchedule", "NoExecute"].map((effect) => ({ key: `node.kubernetes.io/${lost[ready]}`, effect }))
      : []),
    ...pressure.map((kind) => ({ key: `node.kubernetes.io/${pressed[kind]}`, effect: "NoSchedule" })),
    ...taints,
  ];
}

/** A kubelet that is up has just reported; one that is silent, half an hour ago. */
function nodeConditions({ state }: NodeFacts, created: string) {
  const silent = state.ready === "Unknown";
  const nowMs = Math.floor(Date.now() / 10_000) * 10_000;
  const heartbeat = time(silent ? nowMs - 1_800_000 : nowMs);
  const changed = state.ready ? time(nowMs - 1_740_000) : created;
  const condition = (type: string, status: string, [reason, message]: readonly [string, string]) => ({
    type,
    status: silent ? "Unknown" : status,
    lastHeartbeatTime: heartbeat,
    lastTransitionTime: changed,
    reason: silent ? "NodeStatusUnknown" : reason,
    message: silent ? "Kubelet stopped posting node status." : message,
  });
  const notReady = [
    "KubeletNotReady",
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
  ] as const;
  return [
    ...(["Memory", "Disk", "PID"] as const).map((kind) =>
      state.pressure?.includes(kind)
        ? condition(`${kind}Pressure`, "True", underPressure[kind])
        : condition(`${kind}Pressure`, "False", pressures[kind]),
    ),
    state.ready === "False"
      ? condition("Ready", "False", notReady)
      : condition("Ready", "True", ["KubeletReady", "kubelet is posting ready status"]),
  ];
}
