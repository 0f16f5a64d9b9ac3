import { ipText, type NodeFacts } from "../objects/node.ts";
import { container, podTemplate } from "../objects/template.ts";
import type { PodHistory, Workload } from "../objects/workload.ts";
import type { Fault, Planted, Site } from "./fault.ts";

const checkId = "kubernetes/duplicate-pod-ip";

/** Two pods of the same node got one address: the network plugin forgot what it had given away. */
function pair(left: [string, string], right: [string, string], ip: string): Workload[] {
  return [left, right].map(([namespace, name]) => workload("StatefulSet", namespace, name, () => ({ ip })));
}

function workload(
  kind: Workload["kind"],
  namespace: string,
  name: string,
  history: (ordinal: number) => PodHistory | undefined,
  hostNetwork = false,
): Workload {
  return {
    kind,
    namespace,
    name,
    replicas: 1,
    history,
    template: podTemplate({
      labels: { "app.kubernetes.io/name": name },
      containers: [
        container({
          name: "app",
          image: "registry.example.com/shop/api:3.14.2",
          ports: [{ containerPort: 8080 }],
        }),
      ],
      ...(hostNetwork && { hostNetwork }),
      ...((kind === "Job" || kind === "Pod") && { restartPolicy: "Never" as const }),
    }),
  };
}

/** From the end of a node's range, where regular addresses do not reach. */
function addressOf(nodes: readonly NodeFacts[], index: number, fromEnd: number): string {
  const node = nodes[index % nodes.length];
  if (!node) throw new RangeError("A cluster has at least one node.");
  return ipText(node.podRangeStart + 2 ** (32 - node.podRangeBits) - fromEnd);
}

function plant({ workers }: Site): Planted {
  const first = addressOf(workers, 0, 6);
  const second = addressOf(workers, 1, 9);
  const reused = addressOf(workers, 0, 12);
  return {
    workloads: [
      ...pair(["payments", "ledger"], ["search", "suggest"], first),
      ...pair(["identity", "sessions"], ["logistics", "tracking"], second),
      workload("Deployment", "storefront", "reused-address", () => ({ ip: reused })),
      workload("Pod", "checkout", "finished-import", () => ({ phase: "Succeeded", ip: reused })),
      workload("Pod", "checkout", "failed-import", () => ({
        phase: "Failed",
        reason: "DeadlineExceeded",
        message: "Pod was active on the node longer than the specified deadline",
        ip: reused,
      })),
    ],
    expected: [
      {
        checkId,
        verdict: "fail",
        subject: { kind: "Pod", namespace: "payments", name: "ledger-0", part: first },
      },
      {
        checkId,
        verdict: "fail",
        subject: { kind: "Pod", namespace: "identity", name: "sessions-0", part: second },
      },
    ],
    decoys: [
      {
        subject: { kind: "Pod", namespace: "checkout", name: "finished-import" },
        why: "it has ended: the address is free again",
      },
      {
        subject: { kind: "Pod", namespace: "checkout", name: "failed-import" },
        why: "it has ended: the address is free again",
      },
      {
        subject: { kind: "DaemonSet", namespace: "kube-system", name: "kube-proxy" },
        why: "pods of the host network have the node's address",
      },
    ],
  };
}

export const fault: Fault = {
  id: "duplicate-pod-ip",
  plant,
  mend(controllers) {
    controllers.deletePod("search", "suggest-0");
    controllers.deletePod("logistics", "tracking-0");
  },
};
