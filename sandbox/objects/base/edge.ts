import type { Pair } from "../../certificates.ts";
import { meshNamespace } from "../edge-workloads.ts";
import type { Plan } from "../plan.ts";
import type { ApiObject } from "../types.ts";
import type { Workload } from "../workload.ts";
import { type BaseObjects, made } from "./made.ts";

/** The names that come in through an Ingress or the mesh's gateway: their certificate is for all of them. */
export const publicHosts = ["shop.example.com", "*.shop.example.com", "boutique.example.com"];

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** The first services of the healthy part, one of each namespace: they can be reached from outside. */
function published(plan: Plan): Workload[] {
  const found = new Map<string, Workload>();
  for (const workload of plan.workloads) {
    const { namespace, name, kind, service } = workload;
    const ordinary =
      kind === "Deployment" && service && !workload.history && name.startsWith(`${namespace}-`);
    if (ordinary && !found.has(namespace)) found.set(namespace, workload);
  }
  return [...found.values()].slice(0, 4);
}

function ingress(plan: Plan, { namespace, name, service }: Workload): ApiObject {
  const host = `${namespace}.shop.example.com`;
  return {
    metadata: made(plan, "Ingress", { namespace, name }, { generation: 1 }),
    spec: {
      ingressClassName: "nginx",
      tls: [{ hosts: [host], secretName: "shop-tls" }],
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name, port: { number: service?.port ?? 80 } } },
              },
            ],
          },
        },
      ],
    },
    status: { loadBalancer: { ingress: [{ ip: "203.0.113.10" }] } },
  };
}

/** The ConfigMap of an ingress controller that is ready for many clients and believes only its load balancer. */
const controllerSettings = {
  "enable-real-ip": "false",
  "keep-alive-requests": "10000",
  "max-worker-connections": "65536",
  "ssl-protocols": "TLSv1.2 TLSv1.3",
  "upstream-keepalive-connections": "1000",
  "use-forwarded-headers": "false",
  "worker-shutdown-timeout": "240s",
};

export function edgeObjects(plan: Plan, tls: Pair, caPem: string): BaseObjects {
  const open = published(plan);
  const name = "ingress-nginx-controller";
  const namespace = "ingress-nginx";
  const nginx = (place: { name: string; namespace?: string }, kind: string) =>
    made(plan, kind, place, { labels: { "app.kubernetes.io/name": "ingress-nginx" } });
  return {
    "ingressclasses.networking.k8s.io": [
      { metadata: nginx({ name: "nginx" }, "IngressClass"), spec: { controller: "k8s.io/ingress-nginx" } },
    ],
    "ingresses.networking.k8s.io": open.map((workload) => ingress(plan, workload)),
    configmaps: [{ metadata: nginx({ namespace, name }, "ConfigMap"), data: controllerSettings }],
    secrets: [
      ...open.map((workload) => tlsSecret(plan, workload.namespace, "shop-tls", tls)),
      tlsSecret(plan, "istio-system", `${meshNamespace}-tls`, tls),
      {
        metadata: made(plan, "Secret", { namespace, name: "ingress-nginx-admission" }),
        data: { ca: base64(caPem), cert: base64(tls.certificatePem), key: base64(tls.keyPem) },
        type: "Opaque",
      },
    ],
  };
}

function tlsSecret(plan: Plan, namespace: string, name: string, pair: Pair): ApiObject {
  return {
    metadata: made(plan, "Secret", { namespace, name }),
    data: { "tls.crt": base64(pair.certificatePem), "tls.key": base64(pair.keyPem) },
    type: "kubernetes.io/tls",
  };
}
