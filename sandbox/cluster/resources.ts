/** The kinds that are served, as discovery lists them. */
export type Resource = {
  group: string;
  version: string;
  name: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: { name: string; kind: string; group?: string; version?: string; verbs: string[] }[];
  /** dotted paths that a fieldSelector may name, besides metadata.name and metadata.namespace */
  fields?: string[];
};

const all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const status = (kind: string) => ({ name: "status", kind, verbs: ["get", "patch", "update"] });
const proxied = ["create", "delete", "get", "patch", "update"];
const scale = {
  name: "scale",
  kind: "Scale",
  group: "autoscaling",
  version: "v1",
  verbs: ["get", "patch", "update"],
};

const podFields = ["nodeName", "restartPolicy", "schedulerName", "serviceAccountName", "hostNetwork"]
  .map((name) => `spec.${name}`)
  .concat("status.phase", "status.podIP", "status.nominatedNodeName");
const eventFields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"]
  .map((name) => `involvedObject.${name}`)
  .concat("reason", "reportingComponent", "source", "type");

function core(name: string, singular: string, kind: string, more: Partial<Resource> = {}): Resource {
  return { group: "", version: "v1", name, singular, kind, namespaced: true, verbs: all, ...more };
}

function apps(name: string, singular: string, kind: string, more: Partial<Resource> = {}): Resource {
  const subresources = kind === "DaemonSet" ? [status(kind)] : [scale, status(kind)];
  return { ...core(name, singular, kind, { categories: ["all"], subresources, ...more }), group: "apps" };
}

function review(group: string, name: string, kind: string): Resource {
  const singular = kind.toLowerCase();
  return { ...core(name, singular, kind, { namespaced: false, verbs: ["create"] }), group };
}

export const resources: readonly Resource[] = [
  core("configmaps", "configmap", "ConfigMap", { shortNames: ["cm"] }),
  core("endpoints", "endpoints", "Endpoints", { shortNames: ["ep"] }),
  core("events", "event", "Event", { shortNames: ["ev"], fields: eventFields }),
  core("namespaces", "namespace", "Namespace", {
    namespaced: false,
    verbs: all.filter((verb) => verb !== "deletecollection"),
    shortNames: ["ns"],
    subresources: [status("Namespace")],
    fields: ["status.phase"],
  }),
  core("nodes", "node", "Node", {
    namespaced: false,
    shortNames: ["no"],
    subresources: [{ name: "proxy", kind: "NodeProxyOptions", verbs: proxied }, status("Node")],
    fields: ["spec.unschedulable"],
  }),
  core("pods", "pod", "Pod", {
    shortNames: ["po"],
    categories: ["all"],
    subresources: [
      { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
      { name: "log", kind: "Pod", verbs: ["get"] },
      { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
      { name: "proxy", kind: "PodProxyOptions", verbs: proxied },
      status("Pod"),
    ],
    fields: podFields,
  }),
  core("secrets", "secret", "Secret", { fields: ["type"] }),
  core("serviceaccounts", "serviceaccount", "ServiceAccount", { shortNames: ["sa"] }),
  core("services", "service", "Service", {
    shortNames: ["svc"],
    categories: ["all"],
    subresources: [status("Service")],
    fields: ["spec.clusterIP", "spec.type"],
  }),
  apps("daemonsets", "daemonset", "DaemonSet", { shortNames: ["ds"] }),
  apps("deployments", "deployment", "Deployment", { shortNames: ["deploy"] }),
  apps("replicasets", "replicaset", "ReplicaSet", { shortNames: ["rs"], fields: ["status.replicas"] }),
  apps("statefulsets", "statefulset", "StatefulSet", { shortNames: ["sts"] }),
  review("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
  review("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
  review("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
  {
    ...core("cronjobs", "cronjob", "CronJob", { shortNames: ["cj"], categories: ["all"] }),
    group: "batch",
    subresources: [status("CronJob")],
  },
  {
    ...core("jobs", "job", "Job", { categories: ["all"], fields: ["status.successful"] }),
    group: "batch",
    subresources: [status("Job")],
  },
  { ...core("endpointslices", "endpointslice", "EndpointSlice"), group: "discovery.k8s.io" },
  {
    ...core("poddisruptionbudgets", "poddisruptionbudget", "PodDisruptionBudget", { shortNames: ["pdb"] }),
    group: "policy",
    subresources: [status("PodDisruptionBudget")],
  },
];

export const groupOrder = [
  "apps",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "batch",
  "policy",
  "discovery.k8s.io",
];

export function groupVersion(of: { group: string; version: string }): string {
  return of.group === "" ? of.version : `${of.group}/${of.version}`;
}

/** "pods", "deployments.apps": how messages and tables name a resource. */
export function qualifiedName(of: { group: string; name: string }): string {
  return of.group === "" ? of.name : `${of.name}.${of.group}`;
}
