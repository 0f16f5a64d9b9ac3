import { ipText, type NodeFacts } from "../objects/node.ts";
import type { Workload } from "../objects/workload.ts";
import type { ExpectedFinding, Fault, Planted, Site } from "./fault.ts";
import { planted } from "./planting.ts";

type Name = [namespace: string, name: string];

/** Two pods of one node got one address: the network plugin forgot what it had given away. */
function pair(names: [Name, Name], { name: nodeName }: NodeFacts, ip: string): Workload[] {
  return names.map(([namespace, name]) =>
    planted("StatefulSet", namespace, name, {
      history: (ordinal) => (ordinal === 0 ? { ip, nodeName } : undefined),
    }),
  );
}

/** From the end of a node's range, where regular addresses do not reach. */
function addressOf(node: NodeFacts, fromEnd: number): string {
  return ipText(node.podRangeStart + 2 ** (32 - node.podRangeBits) - fromEnd);
}

/** The check names the first pod by namespace and name, and the address as its part. */
function expected(namespace: string, name: string, part: string): ExpectedFinding {
  return {
    checkId: "kubernetes/duplicate-pod-ip",
    code: "duplicate-address",
    verdict: "fail",
    subject: { kind: "Pod", namespace, name, part },
  };
}

function plant({ workers }: Site): Planted {
  const [one] = workers;
  const other = workers[1] ?? one;
  if (!one || !other) throw new RangeError("A cluster has at least one worker.");
  const first = addressOf(one, 6);
  const second = addressOf(other, 9);
  const reused = addressOf(one, 12);
  const finished = { kind: "Pod", namespace: "checkout", name: "finished-import" };
  const failed = { kind: "Pod", namespace: "checkout", name: "failed-import" };
  const ended = "it has ended: the address is free again";
  return {
    workloads: [
      ...pair(
        [
          ["payments", "ledger"],
          ["search", "suggest"],
        ],
        one,
        first,
      ),
      ...pair(
        [
          ["identity", "sessions"],
          ["logistics", "tracking"],
        ],
        other,
        second,
      ),
      planted("Deployment", "storefront", "reused-address", {
        history: (ordinal) => (ordinal === 0 ? { ip: reused } : undefined),
      }),
      planted("Pod", "checkout", finished.name, { history: () => ({ phase: "Succeeded", ip: reused }) }),
      planted("Pod", "checkout", failed.name, {
        history: () => ({
          phase: "Failed",
          ip: reused,
          containers: { app: { ended: { exitCode: 1, reason: "Error" }, now: "ended", restarts: 0 } },
        }),
      }),
    ],
    expected: [
      expected("payments", "ledger-0", first),
      expected("identity", "sessions-0", second),
      {
        checkId: "kubernetes/container-exit-codes",
        code: "application-error",
        verdict: "fail",
        subject: { ...failed, part: "app" },
      },
    ],
    decoys: [
      { subject: finished, why: ended },
      { subject: failed, why: ended },
      {
        subject: { kind: "DaemonSet", namespace: "kube-system", name: "kube-proxy" },
        why: "pods on the host network have the address of their node",
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
    controllers.deletePod("checkout", "failed-import");
  },
};
