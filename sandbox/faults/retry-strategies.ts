import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const checkId = "kubernetes/retry-strategies";
const namespace = "boutique";
const names = { unbounded: "coupons", unbroken: "wishlist" } as const;
const ingress = { kind: "Ingress", namespace: "checkout", name: "orders-entry" };
const rules = "destinationrules.networking.istio.io";
const routes = "virtualservices.networking.istio.io";

const hostOf = (name: string) => `${name}.${namespace}.svc.cluster.local`;

function route(name: string): ApiObject {
  const retryOn = "connect-failure,refused-stream,gateway-error";
  const retries = { attempts: 3, perTryTimeout: "1s", retryOn };
  return {
    metadata: { namespace, name },
    spec: {
      hosts: [hostOf(name)],
      http: [{ route: [{ destination: { host: hostOf(name) } }], timeout: "30s", retries }],
    },
  };
}

/** What keeps retries in bounds: sick pods are taken out, and few repetitions run at a time. */
function rule(name: string, { budget = true, breaker = true }): ApiObject {
  return {
    metadata: { namespace, name },
    spec: {
      host: hostOf(name),
      trafficPolicy: {
        connectionPool: { tcp: { maxConnections: 512 }, http: budget ? { maxRetries: 16 } : {} },
        ...(breaker && {
          outlierDetection: { consecutive5xxErrors: 5, baseEjectionTime: "30s", maxEjectionPercent: 50 },
        }),
      },
    },
  };
}

const entry: ApiObject = {
  metadata: {
    namespace: ingress.namespace,
    name: ingress.name,
    annotations: { "nginx.ingress.kubernetes.io/proxy-next-upstream": "error timeout non_idempotent" },
  },
  spec: {
    ingressClassName: "nginx",
    rules: [
      {
        host: "orders.shop.example.com",
        http: {
          paths: [
            { path: "/", pathType: "Prefix", backend: { service: { name: "orders", port: { number: 80 } } } },
          ],
        },
      },
    ],
  },
  status: { loadBalancer: { ingress: [{ ip: "203.0.113.10" }] } },
};

function expected(name: string, code: string): ExpectedFinding {
  const subject = { kind: "VirtualService", namespace, name, part: "http[0]" };
  return { checkId, code, verdict: "warn", subject };
}

const service = { port: 80, targetPort: 8080 };

export const fault: Fault = {
  id: "retry-strategies",
  plant: () => ({
    workloads: [
      ...Object.values(names).map((name) =>
        planted("Deployment", namespace, name, { service, injected: {} }),
      ),
      planted("Deployment", ingress.namespace, "orders", { service }),
    ],
    objects: () =>
      new Map([
        [routes, Object.values(names).map(route)],
        [rules, [rule(names.unbounded, { budget: false }), rule(names.unbroken, { breaker: false })]],
        ["ingresses.networking.k8s.io", [entry]],
      ]),
    expected: [
      expected(names.unbounded, "no-budget"),
      expected(names.unbroken, "no-breaker"),
      {
        checkId: "kubernetes/istio-circuit-breaking",
        code: "no-outlier-detection",
        verdict: "warn",
        subject: { kind: "DestinationRule", namespace, name: names.unbroken },
      },
      { checkId, code: "repeats-writes", verdict: "warn", subject: ingress },
    ],
    decoys: [
      {
        subject: { kind: "VirtualService", namespace, name: "frontend" },
        why: "two attempts, with a budget and a breaker",
      },
    ],
  }),
  mend(controllers) {
    for (const name of Object.values(names)) controllers.put(rules, rule(name, {}));
    controllers.edit("ingresses.networking.k8s.io", `${ingress.namespace}/${ingress.name}`, (object) => ({
      ...object,
      metadata: { ...object.metadata, annotations: {} },
    }));
  },
};
