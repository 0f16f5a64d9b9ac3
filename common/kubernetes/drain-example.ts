import type { DrainBudget, DrainFacts, DrainNode, DrainPod, DrainService } from "./drain-facts.ts";

/** A made-up cluster in which each thing that can go wrong with a drain is there once. For readers without one. */

const gibibyte = 2 ** 30;

function node(number: number, zone: string, more: Partial<DrainNode> = {}): DrainNode {
  const name = `node-${number}`;
  return {
    ...{ name, ready: true, controlPlane: false, taints: [] },
    labels: { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone },
    ...{ cpuMillis: 4_000, memoryBytes: 16 * gibibyte, podRoom: 110 },
    ...more,
  };
}

/** Replicas of one Deployment, on these nodes. */
function deployment(name: string, on: number[], more: Partial<DrainPod> = {}): DrainPod[] {
  const hash = "6d5f8c7b9d";
  return on.map((number, index) => ({
    ...{ namespace: "shop", name: `${name}-${hash}-${"bcdfgh"[index]}xk2p` },
    owner: { kind: "ReplicaSet", name: `${name}-${hash}`, hash },
    ...{ node: `node-${number}`, labels: { app: name, "pod-template-hash": hash }, ready: true as const },
    ...{ cpuMillis: 500, memoryBytes: gibibyte },
    ...more,
  }));
}

function daemons(name: string, nodes: number): DrainPod[] {
  return Array.from({ length: nodes }, (_, index) => ({
    ...{ namespace: "kube-system", name: `${name}-${"bcdfghjk"[index]}7m4q` },
    owner: { kind: "DaemonSet", name },
    ...{ node: `node-${index + 1}`, labels: { app: name }, ready: true as const },
    ...{ cpuMillis: 100, memoryBytes: gibibyte / 8 },
  }));
}

const service = (name: string): DrainService => ({ namespace: "shop", name, selector: { app: name } });

function budget(name: string, rule: string, [healthy, desired]: [number, number]): DrainBudget {
  return {
    ...{ namespace: "shop", name, selector: { matchLabels: { app: name } }, rule, healthy, desired },
    ...{ expected: healthy, allowed: healthy - desired },
  };
}

export const exampleFacts: DrainFacts = {
  nodes: [
    node(1, "zone-a"),
    node(2, "zone-a"),
    node(3, "zone-b"),
    node(4, "zone-b"),
    node(5, "zone-c"),
    node(6, "zone-c", { taints: [{ key: "dedicated", value: "batch", effect: "NoSchedule" }] }),
    node(7, "zone-a"),
    node(8, "zone-b"),
  ],
  pods: [
    ...daemons("node-agent", 8),
    ...deployment("web", [1, 7, 8]),
    ...deployment("api", [1, 2, 7, 8]),
    // Both on one node, and nothing that makes them go one after the other.
    ...deployment("huddle", [2, 2]),
    ...deployment("solo", [3]),
    ...deployment("ledger", [4, 5]),
    // Room for these is scarce: three of them fill a node.
    ...deployment("search", [4, 8], { cpuMillis: 2_600, memoryBytes: 10 * gibibyte, scratch: true }),
    ...deployment("cache", [1], {
      claims: ["cache-data"],
      cpuMillis: 300,
    }),
    {
      ...{ namespace: "shop", name: "debug-shell", node: "node-2", labels: { app: "debug" } },
      ...{ cpuMillis: 100, memoryBytes: gibibyte / 4, ready: true },
    },
  ],
  services: ["web", "api", "huddle", "solo", "ledger", "search"].map(service),
  budgets: [
    budget("web", "maxUnavailable: 1", [3, 2]),
    budget("api", "minAvailable: 50%", [4, 2]),
    budget("ledger", "minAvailable: 2", [2, 2]),
  ],
  volumes: [
    {
      ...{ namespace: "shop", claim: "cache-data" },
      terms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["node-1"] }] }],
    },
  ],
};
