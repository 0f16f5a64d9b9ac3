import { edgeLabel, type NodeFacts } from "../objects/node.ts";
import type { ExpectedFinding, Fault, Planted, Site } from "./fault.ts";
import { planted } from "./planting.ts";

const old = { name: "practice-legacy-01", version: "v1.29.14" };
const aging = { name: "practice-legacy-02", version: "v1.30.11" };
const early = { name: "practice-canary-01", version: "v1.34.1" };
const recent = { name: "practice-steady-01", version: "v1.32.9" };

/** No pods of anybody are to come here: the nodes are there for their releases. */
const notYet = [{ key: "example.com/not-yet", effect: "NoSchedule" }];

const typha = ["kube-system", "calico-typha"] as const;
const big = ["recommendations", "model-server"] as const;

function expected(
  code: string,
  verdict: "warn" | "fail",
  subject: ExpectedFinding["subject"],
): ExpectedFinding {
  return { checkId: "kubernetes/node-upgrades", code, verdict, subject };
}

/** More than the other edge node has left. */
function tooManyCores(edges: NodeFacts[]): number {
  const [home, other] = edges.map(({ cpuCores }) => cpuCores).sort((a, b) => b - a);
  return home === other ? (home ?? 8) - 1 : (other ?? 0) + 1;
}

function plant({ workers }: Site): Planted {
  const edges = workers.filter(({ labels }) => labels[edgeLabel] === "true");
  const [home] = edges.toSorted((a, b) => b.cpuCores - a.cpuCores || a.index - b.index);
  const requests = { cpu: String(tooManyCores(edges)), memory: "1Gi" };
  return {
    workloads: [
      planted("Deployment", ...typha, { replicas: 1, labels: { "k8s-app": "calico-typha" } }),
      planted("Deployment", ...big, {
        replicas: 1,
        history: () => ({ nodeName: home?.name ?? "" }),
        containers: [{ resources: { requests, limits: { memory: "1Gi" } } }],
        nodeSelector: { [edgeLabel]: "true" },
      }),
    ],
    extraNodes: [old, aging, early, recent].map(({ name, version }) => ({
      name,
      state: { kubeletVersion: version, taints: notYet },
    })),
    expected: [
      expected("no-head-room", "warn", { kind: "cluster", name: "head-room" }),
      expected("kubelet-too-old", "fail", { kind: "kubelet", name: old.version }),
      expected("kubelet-at-limit", "warn", { kind: "kubelet", name: aging.version }),
      expected("kubelet-newer", "fail", { kind: "kubelet", name: early.version }),
      expected("component-single", "warn", { kind: "Deployment", namespace: typha[0], name: typha[1] }),
    ],
    decoys: [
      { subject: { kind: "kubelet", name: recent.version }, why: "one minor release older is supported" },
    ],
  };
}

/** Nodes of releases too far apart, a network component that runs once, and a pod only one node has room for. */
export const fault: Fault = {
  id: "node-upgrades",
  plant,
  mend(controllers) {
    for (const { name } of [old, aging, early]) controllers.changeNode(name, { taints: notYet });
    controllers.change("Deployment", ...typha, (spec) => ({ ...spec, replicas: 2 }));
    controllers.put("poddisruptionbudgets.policy", {
      metadata: { namespace: typha[0], name: typha[1], generation: 1 },
      spec: { maxUnavailable: 1, selector: { matchLabels: { "k8s-app": "calico-typha" } } },
    });
    controllers.deleteOwner("Deployment", ...big);
  },
};
