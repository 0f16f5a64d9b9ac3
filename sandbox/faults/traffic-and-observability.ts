import { edgeLabel } from "../objects/node.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const service = { port: 80, targetPort: 8080 };
const wrongPort = ["search", "rankings"] as const;
const lostTraces = ["payments", "chargebacks"] as const;
const collector = ["monitoring", "fluent-bit"] as const;
const scraped = ["search", "stopwords"] as const;

function expected(code: string, kind: string, [namespace, name]: readonly [string, string]): ExpectedFinding {
  return {
    ...{ checkId: "kubernetes/traffic-and-observability", code, verdict: "warn" },
    subject: { kind, namespace, name },
  };
}

const scrape = (port: string) => ({ "prometheus.io/scrape": "true", "prometheus.io/port": port });

/** Metrics asked for at a port that is none, traces sent to nobody, logs collected on some nodes only. */
export const fault: Fault = {
  id: "traffic-and-observability",
  plant: () => ({
    workloads: [
      planted("Deployment", ...wrongPort, { service, annotations: scrape("9102") }),
      planted("Deployment", ...scraped, { service, annotations: scrape("8080") }),
      planted("Deployment", ...lostTraces, {
        service,
        containers: [
          {
            more: {
              env: [{ name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://otel-collector.tracing:4317" }],
            },
          },
        ],
      }),
      planted("DaemonSet", ...collector, { nodeSelector: { [edgeLabel]: "true" } }),
    ],
    expected: [
      expected("scraped-at-no-port", "Deployment", wrongPort),
      expected("traces-to-nowhere", "Deployment", lostTraces),
      expected("log-collector-gap", "DaemonSet", collector),
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace: scraped[0], name: scraped[1] },
        why: "it is scraped at a port that it declares",
      },
    ],
  }),
  mend(controllers) {
    controllers.change("Deployment", ...wrongPort, (spec) => ({
      ...spec,
      template: {
        ...spec.template,
        metadata: { ...spec.template.metadata, annotations: scrape("8080") },
      },
    }));
    controllers.put("services", {
      metadata: { namespace: "tracing", name: "otel-collector" },
      spec: {
        type: "ClusterIP",
        clusterIP: "10.96.250.17",
        ports: [{ name: "otlp", port: 4317, protocol: "TCP" }],
      },
    });
    controllers.deleteOwner("DaemonSet", ...collector);
  },
};
