import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "messaging";
const entries = "serviceentries.networking.istio.io";
const excluded = "traffic.sidecar.istio.io/excludeInboundPorts";

const entry = (name: string, host: string, protocol: string): ApiObject => ({
  metadata: { namespace, name, generation: 1 },
  spec: {
    hosts: [host],
    location: "MESH_EXTERNAL",
    ports: [{ name: "api", number: 443, protocol }],
    resolution: "DNS",
  },
});

function expected(
  code: string,
  verdict: "warn" | "fail",
  subject: ExpectedFinding["subject"],
): ExpectedFinding {
  return { checkId: "kubernetes/istio-traffic-capture", code, verdict, subject };
}

const deployment = (name: string, part: string) => ({ kind: "Deployment", namespace, name, part });
const service = { port: 80, targetPort: 8080 };
const asProxy = { more: { securityContext: { runAsUser: 1337 } } };

export const fault: Fault = {
  id: "istio-traffic-capture",
  plant: () => ({
    workloads: [
      planted("Deployment", namespace, "inbox", {
        injected: {},
        service,
        annotations: { [excluded]: "8080" },
      }),
      planted("Deployment", namespace, "relay", { injected: {}, service, containers: [asProxy] }),
      planted("Deployment", namespace, "templates", {
        injected: {},
        service,
        annotations: { [excluded]: "9090" },
      }),
    ],
    objects: () =>
      new Map([
        [entries, [entry("sms", "sms.example.net", "HTTP"), entry("push", "push.example.net", "TLS")]],
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
      expected("excluded-service-port", "warn", deployment("inbox", "8080 inbox")),
      expected("uid-of-proxy", "fail", deployment("relay", "app")),
      expected("https-as-http", "fail", { kind: "ServiceEntry", namespace, name: "sms" }),
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace, name: "templates" },
        why: "the excluded port is one for metrics, and no Service leads to it",
      },
      {
        subject: { kind: "ServiceEntry", namespace, name: "push" },
        why: "port 443 is declared as what is spoken there",
      },
    ],
  }),
  mend(controllers) {
    controllers.change("Deployment", namespace, "inbox", (spec) => {
      const { [excluded]: _, ...annotations } = spec.template.metadata.annotations ?? {};
      const metadata = { ...spec.template.metadata, annotations };
      return { ...spec, template: { ...spec.template, metadata } };
    });
    controllers.change("Deployment", namespace, "relay", (spec) => {
      const containers = spec.template.spec.containers.map(({ securityContext: _, ...one }) => one);
      return { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } };
    });
    controllers.put(entries, entry("sms", "sms.example.net", "TLS"));
  },
};
