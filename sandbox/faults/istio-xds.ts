import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "concierge";
const sidecars = "sidecars.networking.istio.io";
const name = (service: string) => ({ "app.kubernetes.io/name": service });

function sidecar(service: string, hosts: string[]): ApiObject {
  return {
    metadata: { namespace, name: service, creationTimestamp: "2025-06-02T09:00:00Z", generation: 1 },
    spec: { egress: [{ hosts }], workloadSelector: { labels: name(service) } },
  };
}

function expected(code: string, service: string): ExpectedFinding {
  const subject = { kind: "Sidecar", namespace, name: service };
  return { checkId: "kubernetes/istio-xds", code, verdict: "warn", subject };
}

const service = (workload: string) =>
  planted("Deployment", namespace, workload, { injected: {}, service: { port: 80, targetPort: 8080 } });

export const fault: Fault = {
  id: "istio-xds",
  plant: () => ({
    workloads: [service("bookings"), service("reminders"), service("wishes")],
    objects: () =>
      new Map([
        [
          sidecars,
          [
            sidecar("bookings", ["*/*"]),
            sidecar("reminders", ["./*", "istio-system/*", "boutiques/*"]),
            sidecar("wishes", ["./*", "istio-system/*", "boutique/cart.boutique.svc.cluster.local"]),
          ],
        ],
      ]),
    changes: [
      {
        resource: "namespaces",
        key: namespace,
        edit: (before) => ({
          ...before,
          metadata: {
            ...before.metadata,
            labels: { ...before.metadata.labels, "istio-injection": "enabled" },
          },
        }),
      },
    ],
    expected: [expected("scope-of-everything", "bookings"), expected("scope-names-nothing", "reminders")],
    decoys: [
      {
        subject: { kind: "Sidecar", namespace, name: "wishes" },
        why: "it names its own namespace, the control plane and the one service that it calls",
      },
    ],
  }),
  mend(controllers) {
    controllers.put(sidecars, sidecar("bookings", ["./*", "istio-system/*"]));
    controllers.put(sidecars, sidecar("reminders", ["./*", "istio-system/*", "boutique/*"]));
  },
};
