import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "travel";
const sidecars = "sidecars.networking.istio.io";
const peers = "peerauthentications.security.istio.io";
const rules = "destinationrules.networking.istio.io";
const host = `fares.${namespace}.svc.cluster.local`;

const outlierDetection = {
  consecutive5xxErrors: 5,
  interval: "10s",
  baseEjectionTime: "30s",
  maxEjectionPercent: 50,
};

function object(name: string, creationTimestamp: string, spec: object): ApiObject {
  return { metadata: { namespace, name, creationTimestamp, generation: 1 }, spec };
}

const egress = [{ hosts: ["./*", "istio-system/*"] }];
const first = "2025-03-01T08:00:00Z";
const second = "2025-09-14T16:20:00Z";

function expected(code: string, verdict: "warn" | "fail", kind: string, name: string): ExpectedFinding {
  return { checkId: "kubernetes/istio-diagnostics", code, verdict, subject: { kind, namespace, name } };
}

export const fault: Fault = {
  id: "istio-diagnostics",
  plant: () => ({
    workloads: [
      planted("Deployment", namespace, "fares", {
        injected: {},
        service: { port: 80, targetPort: 8080 },
      }),
    ],
    objects: () =>
      new Map([
        [
          sidecars,
          [
            object("default", first, { egress }),
            object("narrow", second, { egress: [{ hosts: ["./*"] }] }),
            object("fares", second, {
              egress,
              workloadSelector: { labels: { "app.kubernetes.io/name": "fares" } },
            }),
          ],
        ],
        [
          peers,
          [
            object("seat-maps", second, {
              selector: { matchLabels: { "app.kubernetes.io/name": "seat-map" } },
              mtls: { mode: "STRICT" },
            }),
          ],
        ],
        [
          rules,
          [
            object("fares", first, { host, trafficPolicy: { outlierDetection } }),
            object("fares-balancing", second, {
              host,
              trafficPolicy: { loadBalancer: { simple: "LEAST_REQUEST" } },
            }),
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
    expected: [
      expected("ignored-by-older", "fail", "Sidecar", "narrow"),
      expected("selects-nothing", "warn", "PeerAuthentication", "seat-maps"),
      expected("policy-lost", "fail", "DestinationRule", "fares-balancing"),
    ],
    decoys: [
      {
        subject: { kind: "Sidecar", namespace, name: "fares" },
        why: "it has a selector, and so goes before the namespace's own for the pods it selects",
      },
    ],
  }),
  mend(controllers) {
    controllers.remove(sidecars, `${namespace}/narrow`);
    controllers.remove(peers, `${namespace}/seat-maps`);
    controllers.remove(rules, `${namespace}/fares-balancing`);
    controllers.edit(rules, `${namespace}/fares`, (before) => ({
      ...before,
      spec: { host, trafficPolicy: { outlierDetection, loadBalancer: { simple: "LEAST_REQUEST" } } },
    }));
  },
};
