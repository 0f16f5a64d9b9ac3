import type { Toleration } from "./types.ts";

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
  state: NodeState;
  /** added by a fault: nothing but the cluster's own daemons runs there */
  extra: boolean;
};

/** What is the matter with a node; of a healthy one nothing is said. */
export type NodeState = {
  cordoned?: true;
  /** "False": the kubelet says so; "Unknown": it says nothing any more */
  ready?: "False" | "Unknown";
  pressure?: ("Memory" | "Disk" | "PID")[];
  kubeletVersion?: string;
  runtimeVersion?: string;
  kernelVersion?: string;
  taints?: { key: string; value?: string; effect: string }[];
  labels?: Record<string, string>;
};

export const isNodeReady = ({ state }: Pick<NodeFacts, "state">) => state.ready === undefined;

export type NodePlan = {
  seed: number;
  nodes: number;
  pods: number;
  epochMs: number;
  /** nodes that a fault adds; nothing but the cluster's own daemons runs there */
  extraNodes?: readonly { name: string; state: NodeState }[];
};

/** The first two workers are the edge: what must be reached from outside by a port of the node runs there. */
export const edgeLabel = "example.com/edge";

export function planNodes({ nodes: regular, pods, seed, extraNodes = [] }: NodePlan): NodeFacts[] {
  const nodes = regular + extraNodes.length;
  const wanted = Math.max(256, 2 ** Math.ceil(Math.log2((pods / nodes) * 2 + 128)));
  // large enough that all pods fit when a node is gone
  const size = Math.max(1, 2 ** Math.ceil(Math.log2(pods / Math.max(1, regular - 2) / 32)));
  const podRangeBits = 32 - Math.log2(wanted);
  const base = wanted * nodes <= 65_536 ? ipNumber("10.244.0.0") : ipNumber("10.128.0.0");
  return Array.from({ length: nodes }, (_, index) => {
    const controlPlane = index === 0;
    const extra = extraNodes[index - regular];
    const workerName = `practice-worker-${String(index).padStart(2, "0")}`;
    const name = extra?.name ?? (controlPlane ? "practice-control-plane" : workerName);
    const edge = !extra && (regular === 1 || index === 1 || index === 2);
    return {
      index,
      name,
      address: ipText(ipNumber("172.18.0.0") + 2 + index),
      controlPlane,
      tainted: controlPlane && regular > 1,
      cpuCores: controlPlane ? 4 : ([8, 8, 16][(index + seed) % 3] ?? 8) * size,
      memoryGi: controlPlane ? 16 : 32 * size,
      podRangeStart: base + index * wanted,
      podRangeBits,
      state: extra?.state ?? {},
      extra: extra !== undefined,
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        ...(edge && { [edgeLabel]: "true" }),
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        ...(controlPlane && { "node-role.kubernetes.io/control-plane": "" }),
        "topology.kubernetes.io/region": "practice",
        "topology.kubernetes.io/zone": zoneOf(index, regular),
        ...extra?.state.labels,
      },
    };
  });
}

/** One node after another in another zone, also from the last worker to the first. */
function zoneOf(index: number, nodes: number): string {
  const shifted = index === nodes - 1 && nodes > 2 && nodes % 3 === 2 ? index + 1 : index;
  return `zone-${"abc"[shifted % 3]}`;
}

/** Would the scheduler consider this node? Node selector and taints only: there is always enough of the rest. */
export function isEligible(
  node: NodeFacts,
  spec: { nodeSelector?: Record<string, string>; tolerations?: Toleration[] },
): boolean {
  const selected = Object.entries(spec.nodeSelector ?? {}).every(
    ([key, value]) => node.labels[key] === value,
  );
  const everything = (spec.tolerations ?? []).some(({ key, operator }) => operator === "Exists" && !key);
  const { cordoned, ready, pressure = [], taints = [] } = node.state;
  const closed = node.extra || cordoned || ready !== undefined || pressure.length > 0 || taints.length > 0;
  if (closed && !everything) return false;
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

export function ipNumber(text: string): number {
  return text.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

export function ipText(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}
