import type { ExpectedFinding, Fault, Planted } from "./fault.ts";
import { planted } from "./planting.ts";

const checkId = "kubernetes/linux-oom";
const node = "practice-memory-01";
const near = [
  { kind: "Deployment", namespace: "search", name: "ranking-cache" },
  { kind: "StatefulSet", namespace: "identity", name: "directory" },
] as const;
/** its main process lives; the kubelet's counter alone shows what happened, to an administrator */
const silent = { kind: "Deployment", namespace: "search", name: "worker-pool" } as const;
const killed = { kind: "Deployment", namespace: "checkout", name: "price-import" } as const;

function expected(
  subject: ExpectedFinding["subject"],
  code: string,
  verdict: "warn" | "fail",
): ExpectedFinding {
  return { checkId, code, verdict, subject };
}

function plant(): Planted {
  return {
    workloads: [
      ...near.map(({ kind, namespace, name }) =>
        planted(kind, namespace, name, {
          history: (ordinal) => (ordinal === 0 ? { use: { memory: 0.95 } } : undefined),
        }),
      ),
      planted(killed.kind, killed.namespace, killed.name, {
        history: (ordinal) =>
          ordinal === 0
            ? {
                containers: {
                  app: { ended: { exitCode: 137, reason: "OOMKilled" }, now: "running", restarts: 3 },
                },
              }
            : undefined,
      }),
      planted(silent.kind, silent.namespace, silent.name, {
        history: (ordinal) => (ordinal === 0 ? { use: { oomKills: 11 } } : undefined),
      }),
      planted("Deployment", "storefront", "half-full", { history: () => ({ use: { memory: 0.7 } }) }),
    ],
    extraNodes: [{ name: node, state: { pressure: ["Memory"] } }],
    expected: [
      ...near.map((subject) => expected({ ...subject, part: "app" }, "near-limit", "warn")),
      expected({ ...killed, part: "app" }, "oom-killed", "warn"),
      { ...expected({ ...silent, part: "app" }, "process-killed", "warn"), only: "admin" },
      {
        checkId: "kubernetes/container-exit-codes",
        code: "out-of-memory",
        verdict: "fail",
        subject: { ...killed, part: "app" },
      },
      expected({ kind: "Node", name: node }, "node-memory-pressure", "fail"),
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace: "storefront", name: "half-full" },
        why: "seven tenths of a limit are in order",
      },
    ],
  };
}

export const fault: Fault = {
  id: "linux-oom",
  plant,
  mend(controllers) {
    for (const { kind, namespace, name } of [...near, killed, silent])
      controllers.restartPods(kind, namespace, name);
    controllers.changeNode(node, {});
  },
};
