import { optOutLabel } from "../objects/proxy.ts";
import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "streams";
const callers = { kind: "Deployment", namespace: "boutique", name: "basket-sync" } as const;
const recovered = { ...callers, name: "bundle-prices" };
const rules = "destinationrules.networking.istio.io";

const hostOf = (name: string) => `${name}.${namespace}.svc.cluster.local`;

function rule(name: string, mode: string): ApiObject {
  const host = hostOf(name);
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
      planted(callers.kind, callers.namespace, callers.name, {
        injected: {},
        history: (ordinal) =>
          ordinal === 0 ? { lost: { host: hostOf("directory"), perSecond: 4 } } : undefined,
      }),
      planted(recovered.kind, recovered.namespace, recovered.name, {
        injected: {},
        history: () => ({ lost: { host: hostOf("broker"), before: 40 } }),
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
      // counted by proxies, which answer nobody but an administrator
      { ...expected("stale-original-destination", "fail", "directory"), only: "admin" },
    ],
    decoys: [
      {
        subject: { kind: "Service", namespace, name: "broker" },
        why: "all of its pods are in the mesh, no rule says anything about TLS, and what callers could not reach is long ago",
      },
    ],
  }),
  mend(controllers) {
    controllers.put(rules, rule("sessions", "DISABLE"));
    controllers.remove(rules, `${namespace}/offsets`);
    controllers.restartPods(callers.kind, callers.namespace, callers.name);
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
