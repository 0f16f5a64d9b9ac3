import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const service = { port: 80, targetPort: 8080 };
const unlimited = { limits: { cpu: "250m" }, requests: { cpu: "20m", memory: "32Mi" } };
const lone = { kind: "Deployment", namespace: "storefront", name: "wishlist" };
const fallen = { kind: "StatefulSet", namespace: "payments", name: "receipts-store" };
const crowded = { kind: "Deployment", namespace: "search", name: "spelling" };

const finding = (
  checkId: string,
  code: string,
  verdict: "warn" | "fail",
  subject: ExpectedFinding["subject"],
): ExpectedFinding => ({ checkId: `kubernetes/${checkId}`, code, verdict, subject });

/** Two pods want to be kept from going at once. */
const budget = ({ namespace, name }: typeof lone) => ({
  metadata: { namespace, name, generation: 1, creationTimestamp: "2026-01-12T06:00:00Z" },
  spec: {
    maxUnavailable: 1,
    selector: {
      matchLabels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": namespace },
    },
  },
});

export const fault: Fault = {
  id: "resilience",
  plant: ({ workers }) => ({
    workloads: [
      planted("Deployment", lone.namespace, lone.name, {
        ...{ replicas: 1, service },
        containers: [{ resources: unlimited }],
      }),
      planted("StatefulSet", fallen.namespace, fallen.name, {
        ...{ replicas: 1, service },
        history: () => ({
          ageMs: 2 * 3_600_000,
          containers: { app: { ended: { exitCode: 137, reason: "OOMKilled" }, now: "running", restarts: 1 } },
        }),
      }),
      // both on one node, and nothing tells the Service whether they can answer
      planted("Deployment", crowded.namespace, crowded.name, {
        ...{ replicas: 2, service },
        containers: [{ probePort: undefined }],
        history: () => ({ nodeName: workers[0]?.name }),
      }),
      planted("Deployment", "logistics", "nobody-calls", {
        replicas: 1,
        containers: [{ resources: unlimited }],
      }),
    ],
    expected: [
      finding("resilience", "not-resilient", "warn", lone),
      finding("resilience", "failure-reached-clients", "fail", fallen),
      finding("resilience", "not-resilient", "warn", crowded),
      finding("eviction-availability", "single-replica", "warn", lone),
      finding("eviction-availability", "single-replica", "warn", fallen),
      finding("eviction-availability", "all-on-one-node", "warn", crowded),
      finding("container-exit-codes", "out-of-memory", "fail", { ...fallen, part: "app" }),
      finding("linux-oom", "oom-killed", "warn", { ...fallen, part: "app" }),
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace: "logistics", name: "nobody-calls" },
        why: "one pod without a memory limit, but no Service leads to it",
      },
    ],
  }),
  mend(controllers) {
    for (const one of [lone, fallen]) controllers.put("poddisruptionbudgets.policy", budget(one));
    for (const { kind, namespace, name } of [lone, fallen, crowded]) {
      controllers.change(kind as "Deployment" | "StatefulSet", namespace, name, (spec) => {
        const containers = spec.template.spec.containers.map((one) => ({
          ...one,
          resources: { ...one.resources, limits: { cpu: "250m", memory: "256Mi" } },
          readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 10 },
        }));
        const template = { ...spec.template, spec: { ...spec.template.spec, containers } };
        return { ...spec, replicas: 2, template };
      });
    }
  },
};
