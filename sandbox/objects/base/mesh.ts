import { meshNamespace } from "../edge-workloads.ts";
import type { Plan } from "../plan.ts";
import { optOutLabel } from "../proxy.ts";
import type { ApiObject } from "../types.ts";
import { type BaseObjects, made } from "./made.ts";

const meshConfiguration = `accessLogFile: /dev/stdout
defaultConfig:
  discoveryAddress: istiod.istio-system.svc:15012
  holdApplicationUntilProxyStarts: true
defaultProviders:
  metrics:
  - prometheus
enableAutoMtls: true
enablePrometheusMerge: true
outboundTrafficPolicy:
  mode: ALLOW_ANY
rootNamespace: istio-system
trustDomain: cluster.local
`;

const root = "istio-system";
const services = ["cart", "catalog", "frontend"];
const fullName = (service: string) => `${service}.${meshNamespace}.svc.cluster.local`;

/** Subsets by version, and limits under which a broken pod is taken out. */
function destination(plan: Plan, name: string): ApiObject {
  return {
    metadata: made(plan, "DestinationRule", { namespace: meshNamespace, name }, { generation: 1 }),
    spec: {
      host: fullName(name),
      subsets: [{ name: "v1", labels: { version: "v1" } }],
      trafficPolicy: {
        connectionPool: {
          tcp: { maxConnections: 1024, connectTimeout: "5s" },
          http: { http1MaxPendingRequests: 1024, http2MaxRequests: 1024, maxRetries: 16 },
        },
        outlierDetection: {
          consecutive5xxErrors: 5,
          interval: "10s",
          baseEjectionTime: "30s",
          maxEjectionPercent: 50,
        },
      },
    },
  };
}

/** From outside to the frontend; inside, from service to service. */
function route(plan: Plan, name: string): ApiObject {
  const outside = name === "frontend";
  return {
    metadata: made(plan, "VirtualService", { namespace: meshNamespace, name }, { generation: 1 }),
    spec: {
      hosts: outside ? ["boutique.example.com"] : [fullName(name)],
      ...(outside && { gateways: [`${meshNamespace}/boutique`] }),
      http: [
        {
          name: "primary",
          route: [{ destination: { host: fullName(name), subset: "v1", port: { number: 80 } } }],
          timeout: "5s",
          retries: {
            attempts: 2,
            perTryTimeout: "1500ms",
            retryOn: "gateway-error,connect-failure,refused-stream",
          },
        },
      ],
    },
  };
}

function gateway(plan: Plan): ApiObject {
  const hosts = ["boutique.example.com"];
  return {
    metadata: made(plan, "Gateway", { namespace: meshNamespace, name: "boutique" }, { generation: 1 }),
    spec: {
      selector: { istio: "ingressgateway" },
      servers: [
        { hosts, port: { name: "http", number: 80, protocol: "HTTP" }, tls: { httpsRedirect: true } },
        {
          hosts,
          port: { name: "https", number: 443, protocol: "HTTPS" },
          tls: { mode: "SIMPLE", credentialName: `${meshNamespace}-tls` },
        },
      ],
    },
  };
}

export function meshObjects(plan: Plan, caPem: string): BaseObjects {
  const labels = { "istio.io/rev": "default" };
  const base64 = Buffer.from(caPem).toString("base64");
  return {
    configmaps: [
      {
        metadata: made(plan, "ConfigMap", { namespace: root, name: "istio" }, { labels }),
        data: { mesh: meshConfiguration, meshNetworks: "networks: {}\n" },
      },
      {
        metadata: made(plan, "ConfigMap", { namespace: root, name: "istio-sidecar-injector" }, { labels }),
        data: { config: "defaultTemplates: [sidecar]\npolicy: enabled\n", values: "{}" },
      },
      ...meshNamespaces(plan).map((namespace) => ({
        metadata: made(plan, "ConfigMap", { namespace, name: "istio-ca-root-cert" }),
        data: { "root-cert.pem": caPem },
      })),
    ],
    secrets: [
      {
        metadata: made(plan, "Secret", { namespace: root, name: "istio-ca-secret" }),
        data: { "ca-cert.pem": base64, "ca-key.pem": "" },
        type: "istio.io/ca-root",
      },
    ],
    "gateways.networking.istio.io": [gateway(plan)],
    "virtualservices.networking.istio.io": services.map((name) => route(plan, name)),
    "destinationrules.networking.istio.io": services.map((name) => destination(plan, name)),
    "peerauthentications.security.istio.io": [
      {
        metadata: made(plan, "PeerAuthentication", { namespace: root, name: "default" }, { generation: 1 }),
        spec: { mtls: { mode: "STRICT" } },
      },
    ],
    "telemetries.telemetry.istio.io": [
      {
        metadata: made(plan, "Telemetry", { namespace: root, name: "mesh-default" }, { generation: 1 }),
        spec: { accessLogging: [{ providers: [{ name: "envoy" }] }] },
      },
    ],
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": [injector(plan, base64)],
    "validatingwebhookconfigurations.admissionregistration.k8s.io": [validator(plan, base64)],
  };
}

const meshNamespaces = (plan: Plan) => [
  ...new Set([root, ...plan.workloads.flatMap(({ injected, namespace }) => (injected ? [namespace] : []))]),
];

const rules = (apiGroups: string[], names: string[], operations = ["CREATE"]) => [
  { operations, apiGroups, apiVersions: ["*"], resources: names, scope: "*" },
];

function webhook(name: string, path: string, caBundle: string, more: Record<string, unknown>) {
  return {
    name,
    clientConfig: { service: { namespace: root, name: "istiod", path, port: 443 }, caBundle },
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    sideEffects: "None",
    timeoutSeconds: 10,
    admissionReviewVersions: ["v1"],
    ...more,
  };
}

function injector(plan: Plan, caBundle: string): ApiObject {
  const name = "istio-sidecar-injector";
  const notRefused = { key: optOutLabel, operator: "NotIn", values: ["false"] };
  return {
    metadata: made(
      plan,
      "MutatingWebhookConfiguration",
      { name },
      { labels: { app: "sidecar-injector", "istio.io/rev": "default" }, generation: 1 },
    ),
    webhooks: [
      webhook("namespace.sidecar-injector.istio.io", "/inject", caBundle, {
        rules: rules([""], ["pods"]),
        namespaceSelector: {
          matchExpressions: [{ key: "istio-injection", operator: "In", values: ["enabled"] }],
        },
        objectSelector: { matchExpressions: [notRefused] },
        reinvocationPolicy: "Never",
      }),
      webhook("rev.namespace.sidecar-injector.istio.io", "/inject", caBundle, {
        rules: rules([""], ["pods"]),
        namespaceSelector: {
          matchExpressions: [
            { key: "istio.io/rev", operator: "In", values: ["default"] },
            { key: "istio-injection", operator: "DoesNotExist" },
          ],
        },
        objectSelector: { matchExpressions: [notRefused] },
        reinvocationPolicy: "Never",
      }),
    ],
  };
}

function validator(plan: Plan, caBundle: string): ApiObject {
  const groups = ["networking.istio.io", "security.istio.io", "telemetry.istio.io"];
  return {
    metadata: made(
      plan,
      "ValidatingWebhookConfiguration",
      { name: "istio-validator-istio-system" },
      { labels: { app: "istiod", "istio.io/rev": "default" }, generation: 1 },
    ),
    webhooks: [
      webhook("rev.validation.istio.io", "/validate", caBundle, {
        rules: rules(groups, ["*"], ["CREATE", "UPDATE"]),
        namespaceSelector: {},
        objectSelector: { matchExpressions: [{ key: "istio.io/rev", operator: "In", values: ["default"] }] },
      }),
    ],
  };
}
