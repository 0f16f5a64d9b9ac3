import { optOutLabel } from "../objects/proxy.ts";
import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "streams";
const rules = "destinationrules.networking.istio.io";

function rule(name: string, mode: string): ApiObject {
  const host = `${name}.${namespace}.svc.cluster.local`;
  return {
    metadata: { namespace, name, generation: 1 },
    spec: { host, trafficPolicy: { tls: { mode } } },
  };
}

function expected(code: string, verdict: "warn" | "fail", name: string): ExpectedFinding {
  const subject = { kind: "Service", namespace, name };
  return { checkId: "kubernetes/istio-headless-services", code, verdict, subject };
}

const database = { port: 6379, targetPort: 8080, portName: "tcp-redis", headless: true as const };

export const fault: Fault = {
  id: "istio-headless-services",
  plant: () => ({
    workloads: [
      planted("StatefulSet", namespace, "sessions", {
        service: database,
        labels: { [optOutLabel]: "false" },
      }),
      planted("StatefulSet", namespace, "offsets", { service: database, injected: {} }),
      planted("StatefulSet", namespace, "broker", { service: database, injected: {} }),
      planted("Deployment", namespace, "directory", {
        service: { port: 8761, targetPort: 8080, portName: "http", headless: true },
        injected: {},
      }),
    ],
    objects: () => new Map([[rules, [rule("sessions", "ISTIO_MUTUAL"), rule("offsets", "DISABLE")]]]),
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
      expected("mtls-to-plain-pods", "fail", "sessions"),
      expected("plain-to-strict-pods", "fail", "offsets"),
      expected("original-destination", "warn", "directory"),
    ],
    decoys: [
      {
        subject: { kind: "Service", namespace, name: "broker" },
        why: "all of its pods are in the mesh and no rule says anything about TLS",
      },
    ],
  }),
  mend(controllers) {
    controllers.put(rules, rule("sessions", "DISABLE"));
    controllers.remove(rules, `${namespace}/offsets`);
    const key = `${namespace}/directory`;
    const headless = controllers.store.get("services", key);
    controllers.remove("services", key);
    const spec = (headless?.spec ?? {}) as Record<string, unknown>;
    const address = "10.96.200.61";
    controllers.put("services", {
      metadata: { namespace, name: "directory-http" },
      spec: { ...spec, clusterIP: address, clusterIPs: [address] },
      status: { loadBalancer: {} },
    });
  },
};
