import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault, Planted, Site } from "./fault.ts";
import { planted } from "./planting.ts";

const budgets = "poddisruptionbudgets.policy";
const service = { port: 80, targetPort: 8080 };
const labelsOf = (namespace: string, name: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/part-of": namespace,
});

/** Its status is what the disruption controller makes of the pods. */
function budget(
  [namespace, name]: readonly [string, string],
  rule: Record<string, number | string>,
  of = name,
): ApiObject {
  const selector = { matchLabels: labelsOf(namespace, of) };
  return {
    metadata: { namespace, name, generation: 1, creationTimestamp: "2025-11-03T09:00:00Z" },
    spec: { ...rule, selector },
  };
}

const alone = ["payments", "receipt-printer"] as const;
const huddled = ["search", "spell-check"] as const;
const unprotected = ["storefront", "splash-pages"] as const;
const stuck = ["payments", "settlement"] as const;
const stuckByShare = ["identity", "sessions-api"] as const;
const gone = ["logistics", "fleet-tracker"] as const;
const twice = ["checkout", "rebates"] as const;
const idle = ["logistics", "peak-season"] as const;
const lonelyWorker = ["recommendations", "feature-builder"] as const;

function expected(code: string, verdict: "warn" | "fail", kind: string, at: readonly [string, string]) {
  const [namespace, name] = at;
  const finding: ExpectedFinding = {
    checkId: "kubernetes/eviction-availability",
    ...{ code, verdict, subject: { kind, namespace, name } },
  };
  return finding;
}

function plant({ workers }: Site): Planted {
  const nodeName = workers[0]?.name ?? "";
  return {
    workloads: [
      planted("Deployment", ...alone, { replicas: 1, service }),
      planted("Deployment", ...huddled, { service, history: () => ({ nodeName }) }),
      planted("Deployment", ...unprotected, { replicas: 3, service, budget: false }),
      planted("StatefulSet", ...stuck, { service }),
      planted("Deployment", ...stuckByShare, { service }),
      planted("Deployment", ...twice, { service }),
      planted("Deployment", ...idle, { replicas: 0 }),
      planted("Deployment", ...lonelyWorker, { replicas: 1 }),
    ],
    objects: () =>
      new Map([
        [
          budgets,
          [
            budget(stuck, { minAvailable: 2 }),
            budget(stuckByShare, { minAvailable: "90%" }),
            budget(gone, { minAvailable: 1 }),
            budget([twice[0], `${twice[1]}-old`], { minAvailable: 1 }, twice[1]),
            budget(idle, { maxUnavailable: 1 }),
          ],
        ],
      ]),
    expected: [
      expected("single-replica", "warn", "Deployment", alone),
      expected("all-on-one-node", "warn", "Deployment", huddled),
      expected("no-budget", "warn", "Deployment", unprotected),
      expected("budget-allows-nothing", "fail", "PodDisruptionBudget", stuck),
      expected("budget-allows-nothing", "fail", "PodDisruptionBudget", stuckByShare),
      expected("budget-selects-nothing", "warn", "PodDisruptionBudget", gone),
      expected("overlapping-budgets", "fail", "Deployment", twice),
    ],
    decoys: [
      {
        subject: { kind: "PodDisruptionBudget", namespace: idle[0], name: idle[1] },
        why: "its Deployment is scaled to zero: the budget waits for the season",
      },
      {
        subject: { kind: "Deployment", namespace: lonelyWorker[0], name: lonelyWorker[1] },
        why: "one replica, but no Service that would miss it",
      },
    ],
  };
}

export const fault: Fault = {
  id: "eviction-availability",
  plant,
  mend(controllers) {
    const one = { maxUnavailable: 1 };
    controllers.change("Deployment", ...alone, (spec) => ({ ...spec, replicas: 2 }));
    controllers.put(budgets, budget(alone, one));
    controllers.restartPods("Deployment", ...huddled);
    controllers.put(budgets, budget(unprotected, one));
    for (const at of [stuck, stuckByShare]) controllers.put(budgets, budget(at, one));
    controllers.remove(budgets, gone.join("/"));
    controllers.remove(budgets, `${twice.join("/")}-old`);
  },
};
