import { ipText, type NodeFacts } from "../objects/node.ts";
import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault, Planted, Site } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "recommendations";
const waiting = "embeddings";
const secondRange = { name: "services-2", cidr: "10.244.240.0/20" };
const leftover = { namespace: "kube-system", name: "kube-dns-upstream" };

function finding(
  code: string,
  verdict: "warn" | "fail",
  subject: ExpectedFinding["subject"],
): ExpectedFinding {
  return { checkId: "kubernetes/network-map", code, verdict, subject };
}

const rangeOf = (node: NodeFacts) => `${ipText(node.podRangeStart)}/${node.podRangeBits}`;

function withRange(node: ApiObject, range: string): ApiObject {
  return { ...node, spec: { ...(node.spec as object), podCIDR: range, podCIDRs: [range] } };
}

/** The last two ordinary workers; none where a cluster has only one. */
function pairOf(nodes: readonly NodeFacts[]): [NodeFacts, NodeFacts] | undefined {
  const [one, other] = nodes.filter(({ name }) => name.startsWith("practice-worker-")).slice(-2);
  return one && other ? [one, other] : undefined;
}

function plant({ workers }: Site): Planted {
  const pair = pairOf(workers);
  const range = pair ? rangeOf(pair[0]) : "";
  return {
    workloads: [
      planted("Deployment", namespace, waiting, {
        history: () => ({ phase: "Pending", waiting: { app: { reason: "ContainerCreating" } } }),
      }),
    ],
    objects: () =>
      new Map<string, ApiObject[]>([
        [
          "servicecidrs.networking.k8s.io",
          [{ metadata: { name: secondRange.name }, spec: { cidrs: [secondRange.cidr] } }],
        ],
        [
          "services",
          [
            {
              metadata: { ...leftover, labels: { "k8s-app": "kube-dns" } },
              spec: {
                type: "ClusterIP",
                clusterIP: "10.96.0.11",
                clusterIPs: ["10.96.0.11"],
                ports: [{ name: "dns", port: 53, targetPort: 53, protocol: "UDP" }],
              },
              status: { loadBalancer: {} },
            },
          ],
        ],
      ]),
    changes: pair ? [{ resource: "nodes", key: pair[1].name, edit: (node) => withRange(node, range) }] : [],
    expected: [
      finding("range-overlap", "fail", { kind: "Network", name: "services", part: secondRange.cidr }),
      finding("dns-without-endpoints", "fail", { kind: "Service", ...leftover }),
      ...(pair
        ? [finding("node-ranges-overlap", "fail", { kind: "Node", name: pair[1].name, part: range })]
        : []),
      finding("no-address", "warn", { kind: "Deployment", namespace, name: waiting }),
      {
        checkId: "kubernetes/pod-abnormal-states",
        code: "pod-network-failed",
        verdict: "fail",
        subject: { kind: "Deployment", namespace, name: waiting },
      },
      {
        checkId: "kubernetes/eviction-availability",
        code: "budget-exhausted",
        verdict: "warn",
        subject: { kind: "PodDisruptionBudget", namespace, name: waiting },
      },
    ],
    decoys: [
      {
        subject: { kind: "DaemonSet", namespace: "kube-system", name: "kube-proxy" },
        why: "pods on the host network have their node's address, which is in no pod range",
      },
    ],
  };
}

/** Ranges that overlap, a DNS Service that was left behind, and pods whose node gives them no address. */
export const fault: Fault = {
  id: "network-map",
  plant,
  mend(controllers) {
    controllers.remove("servicecidrs.networking.k8s.io", secondRange.name);
    controllers.remove("services", `${leftover.namespace}/${leftover.name}`);
    const [, node] = pairOf(controllers.plan.nodeFacts) ?? [];
    if (node) controllers.edit("nodes", node.name, (object) => withRange(object, rangeOf(node)));
    controllers.restartPods("Deployment", namespace, waiting);
  },
};
