import { businessNamespaces, settingsName } from "../business-workloads.ts";
import type { Plan } from "../plan.ts";
import type { ApiObject } from "../types.ts";
import { serviceNetwork } from "./configuration.ts";
import { type BaseObjects, made } from "./made.ts";

/** The API server as the cluster's own programs reach it. */
export function apiServerService(plan: Plan): BaseObjects {
  const place = { namespace: "default", name: "kubernetes" };
  const labels = { component: "apiserver", provider: "kubernetes" };
  const address = plan.nodeFacts[0]?.address ?? "172.18.0.2";
  const ports = [{ name: "https", port: 6443, protocol: "TCP" }];
  return {
    services: [
      {
        metadata: made(plan, "Service", place, { labels }),
        spec: {
          ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: 6443 }],
          clusterIP: "10.96.0.1",
          clusterIPs: ["10.96.0.1"],
          type: "ClusterIP",
          sessionAffinity: "None",
          ipFamilies: ["IPv4"],
          ipFamilyPolicy: "SingleStack",
          internalTrafficPolicy: "Cluster",
        },
        status: { loadBalancer: {} },
      },
    ],
    endpoints: [
      {
        metadata: made(plan, "Endpoints", place, {
          labels: { "endpointslice.kubernetes.io/skip-mirror": "true" },
        }),
        subsets: [{ addresses: [{ ip: address }], ports }],
      },
    ],
    "endpointslices.discovery.k8s.io": [
      {
        metadata: made(plan, "EndpointSlice", place, {
          labels: { "kubernetes.io/service-name": "kubernetes" },
          generation: 1,
        }),
        addressType: "IPv4",
        endpoints: [{ addresses: [address], conditions: { ready: true } }],
        ports,
      },
    ],
    "servicecidrs.networking.k8s.io": [
      {
        metadata: made(plan, "ServiceCIDR", { name: "kubernetes" }),
        spec: { cidrs: [serviceNetwork] },
        status: { conditions: [] },
      },
    ],
  };
}

/** Where new volumes come from. */
export function storage(plan: Plan): BaseObjects {
  const provisioner = "csi.practice.example.com";
  const isDefault = { "storageclass.kubernetes.io/is-default-class": "true" };
  return {
    "storageclasses.storage.k8s.io": [
      {
        metadata: made(plan, "StorageClass", { name: "standard" }, { annotations: isDefault }),
        provisioner,
        reclaimPolicy: "Delete",
        allowVolumeExpansion: true,
        volumeBindingMode: "WaitForFirstConsumer",
      },
    ],
    "csidrivers.storage.k8s.io": [
      {
        metadata: made(plan, "CSIDriver", { name: provisioner }),
        spec: { attachRequired: true, podInfoOnMount: false, volumeLifecycleModes: ["Persistent"] },
      },
    ],
  };
}

/** What the teams set up in their namespaces: settings, a registry's credential, limits, who may call whom. */
export function namespaceObjects(plan: Plan): BaseObjects {
  const served = new Set(plan.workloads.map(({ namespace }) => namespace));
  const business = businessNamespaces.filter((namespace) => served.has(namespace));
  const configured = new Set(
    plan.workloads.flatMap(({ namespace, template }) =>
      template.spec.containers.some(({ envFrom }) =>
        JSON.stringify(envFrom ?? []).includes(`"${settingsName}"`),
      )
        ? [namespace]
        : [],
    ),
  );
  return {
    configmaps: businessNamespaces
      .filter((namespace) => configured.has(namespace))
      .map((namespace) => ({
        metadata: made(plan, "ConfigMap", { namespace, name: settingsName }),
        data: { BASE_URL: `https://${namespace}.shop.example.com` },
      })),
    secrets: business.map((namespace) => registryCredential(plan, namespace)),
    "networkpolicies.networking.k8s.io": business.slice(0, 2).map((namespace) => fromInside(plan, namespace)),
    resourcequotas: business.slice(0, 1).map((namespace) => quota(plan, namespace)),
    limitranges: business.slice(0, 1).map((namespace) => ({
      metadata: made(plan, "LimitRange", { namespace, name: "largest-pod" }),
      spec: { limits: [{ type: "Pod", max: { cpu: "64", memory: "256Gi" } }] },
    })),
  };
}

function registryCredential(plan: Plan, namespace: string): ApiObject {
  const auths = { "registry.example.com": { username: "pull", password: "practice", auth: "" } };
  return {
    metadata: made(plan, "Secret", { namespace, name: registrySecret }),
    data: { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") },
    type: "kubernetes.io/dockerconfigjson",
  };
}

export const registrySecret = "registry-credential";

/** Lets in what comes from any namespace of the cluster: a policy that keeps nobody out by mistake. */
function fromInside(plan: Plan, namespace: string): ApiObject {
  return {
    metadata: made(plan, "NetworkPolicy", { namespace, name: "from-inside" }, { generation: 1 }),
    spec: {
      podSelector: {},
      ingress: [{ from: [{ namespaceSelector: {} }] }],
      policyTypes: ["Ingress"],
    },
  };
}

function quota(plan: Plan, namespace: string): ApiObject {
  const count = plan.podKeys.filter((key) => key.startsWith(`${namespace}/`)).length;
  const hard = { pods: String(Math.max(200, count * 4)), "services.nodeports": "50" };
  return {
    metadata: made(plan, "ResourceQuota", { namespace, name: "objects" }),
    spec: { hard },
    status: { hard, used: { pods: String(count), "services.nodeports": "0" } },
  };
}
