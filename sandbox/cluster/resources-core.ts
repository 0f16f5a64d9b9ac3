import { allVerbs, clusterScoped, resource, scale, status } from "./resource-parts.ts";
import type { Resource } from "./resources.ts";

const proxied = ["create", "delete", "get", "patch", "update"];
const podFields = ["nodeName", "restartPolicy", "schedulerName", "serviceAccountName", "hostNetwork"]
  .map((name) => `spec.${name}`)
  .concat("status.phase", "status.podIP", "status.nominatedNodeName");
export const eventFields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"]
  .map((name) => `involvedObject.${name}`)
  .concat("reason", "reportingComponent", "source", "type");

const core = (name: string, kind: string, more: Partial<Resource> = {}) => resource("", name, kind, more);

/** The kinds of the group without a name. */
export const coreResources: readonly Resource[] = [
  core("configmaps", "ConfigMap", { shortNames: ["cm"] }),
  core("endpoints", "Endpoints", { shortNames: ["ep"] }),
  core("events", "Event", { shortNames: ["ev"], fields: eventFields }),
  core("limitranges", "LimitRange", { shortNames: ["limits"] }),
  core("namespaces", "Namespace", {
    ...clusterScoped,
    verbs: allVerbs.filter((verb) => verb !== "deletecollection"),
    shortNames: ["ns"],
    subresources: [status("Namespace")],
    fields: ["status.phase"],
  }),
  core("nodes", "Node", {
    ...clusterScoped,
    shortNames: ["no"],
    subresources: [{ name: "proxy", kind: "NodeProxyOptions", verbs: proxied }, status("Node")],
    fields: ["spec.unschedulable"],
  }),
  core("persistentvolumeclaims", "PersistentVolumeClaim", {
    shortNames: ["pvc"],
    subresources: [status("PersistentVolumeClaim")],
  }),
  core("persistentvolumes", "PersistentVolume", {
    ...clusterScoped,
    shortNames: ["pv"],
    subresources: [status("PersistentVolume")],
  }),
  core("pods", "Pod", {
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
  core("podtemplates", "PodTemplate"),
  core("replicationcontrollers", "ReplicationController", {
    shortNames: ["rc"],
    categories: ["all"],
    subresources: [scale, status("ReplicationController")],
  }),
  core("resourcequotas", "ResourceQuota", {
    shortNames: ["quota"],
    subresources: [status("ResourceQuota")],
  }),
  core("secrets", "Secret", { fields: ["type"] }),
  core("serviceaccounts", "ServiceAccount", { shortNames: ["sa"] }),
  core("services", "Service", {
    shortNames: ["svc"],
    categories: ["all"],
    subresources: [status("Service")],
    fields: ["spec.clusterIP", "spec.type"],
  }),
];
