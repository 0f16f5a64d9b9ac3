import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "rewards";
const rules = "destinationrules.networking.istio.io";
const hostOf = (name: string) => `${name}.${namespace}.svc.cluster.local`;

const pool = { tcp: { maxConnections: 200 }, http: { http1MaxPendingRequests: 256 } };
const outlierDetection = {
  consecutive5xxErrors: 5,
  interval: "10s",
  baseEjectionTime: "30s",
  maxEjectionPercent: 50,
};

const rule = (name: string, trafficPolicy: object): ApiObject => ({
  metadata: { namespace, name, generation: 1 },
  spec: { host: hostOf(name), trafficPolicy },
});

/** The values of the tutorial, in three forms. */
const planned: Record<string, object> = {
  vouchers: {
    connectionPool: {
      tcp: { maxConnections: 1 },
      http: { http1MaxPendingRequests: 1, maxRequestsPerConnection: 1 },
    },
  },
  cashback: { connectionPool: pool },
  badges: { outlierDetection: { consecutive5xxErrors: 1, interval: "1s", maxEjectionPercent: 100 } },
};
/** Behind it stands a server that leaks when a connection is used twice. */
const oneRequest = { connectionPool: { http: { maxRequestsPerConnection: 1 } }, outlierDetection };

function expected(code: string, name?: string): ExpectedFinding {
  const subject = name
    ? { kind: "DestinationRule", namespace, name }
    : { kind: "Namespace", name: namespace };
  return { checkId: "kubernetes/istio-circuit-breaking", code, verdict: "warn", subject };
}

const service = (name: string) =>
  planted("Deployment", namespace, name, { injected: {}, service: { port: 80, targetPort: 8080 } });

export const fault: Fault = {
  id: "istio-circuit-breaking",
  plant: () => ({
    workloads: [...Object.keys(planned), "raffle", "stamps"].map(service),
    objects: () =>
      new Map([
        [
          rules,
          [
            ...Object.entries(planned).map(([name, policy]) => rule(name, policy)),
            rule("stamps", oneRequest),
          ],
        ],
        [
          "virtualservices.networking.istio.io",
          [
            {
              metadata: { namespace, name: "raffle", generation: 1 },
              spec: {
                hosts: [hostOf("raffle")],
                http: [
                  {
                    route: [{ destination: { host: hostOf("raffle"), port: { number: 80 } } }],
                  },
                ],
              },
            },
          ],
        ],
      ]),
    changes: [
      {
        resource: "namespaces",
        key: namespace,
        edit: (object) => ({
          ...object,
          metadata: {
            ...object.metadata,
            labels: { ...object.metadata.labels, "istio-injection": "enabled" },
          },
        }),
      },
    ],
    expected: [
      expected("demo-limits", "vouchers"),
      expected("no-outlier-detection", "vouchers"),
      expected("no-outlier-detection", "cashback"),
      expected("ejects-everyone", "badges"),
      expected("destination-without-policy"),
    ],
    decoys: [
      {
        subject: { kind: "DestinationRule", namespace, name: "stamps" },
        why: "one request per connection alone is meant, and sick pods are ejected",
      },
    ],
  }),
  mend(controllers) {
    for (const name of [...Object.keys(planned), "raffle"])
      controllers.put(rules, rule(name, { connectionPool: pool, outlierDetection }));
  },
};
