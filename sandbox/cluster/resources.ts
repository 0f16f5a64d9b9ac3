import { coreResources } from "./resources-core.ts";
import { customResources } from "./resources-custom.ts";
import { groupedResources } from "./resources-grouped.ts";

/** A kind that is served, as discovery lists it. */
export type Resource = {
  group: string;
  /** the one that is preferred and stored */
  version: string;
  /** older ones that are served as well, in the order of discovery */
  otherVersions?: string[];
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
  /** defined by a CustomResourceDefinition: its items carry kind and apiVersion even in lists */
  custom?: true;
  /** where its objects are kept when they are those of another resource */
  storedAs?: string;
};

export const resources: readonly Resource[] = [...coreResources, ...groupedResources, ...customResources];

/** In the order of a real server's discovery: by priority of the group. */
export const groupOrder = [
  "apiregistration.k8s.io",
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "discovery.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "networking.istio.io",
  "security.istio.io",
  "telemetry.istio.io",
  "metrics.k8s.io",
];

export const versionsOf = ({ version, otherVersions = [] }: Resource) => [version, ...otherVersions];

/** The versions of a group, the preferred one first. */
export function groupVersions(group: string): string[] {
  const ofGroup = resources.filter((resource) => resource.group === group);
  return [...new Set(ofGroup.flatMap(versionsOf))].sort(
    (left, right) => versionRank.indexOf(left) - versionRank.indexOf(right),
  );
}

const versionRank = ["v2", "v1", "v1beta1", "v1alpha3"];

export function groupVersion(of: { group: string; version: string }): string {
  return of.group === "" ? of.version : `${of.group}/${of.version}`;
}

/** "pods", "deployments.apps": how messages and tables name a resource. */
export function qualifiedName(of: { group: string; name: string }): string {
  return of.group === "" ? of.name : `${of.name}.${of.group}`;
}

/** The name that the store keeps its objects under. */
export function storageName(resource: Resource): string {
  return resource.storedAs ?? qualifiedName(resource);
}
