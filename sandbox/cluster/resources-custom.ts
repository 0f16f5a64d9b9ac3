import { clusterScoped, resource, status } from "./resource-parts.ts";
import type { Resource } from "./resources.ts";

/** The order in which a server lists the verbs of a custom resource. */
const customVerbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

function istio(group: string, name: string, kind: string, more: Partial<Resource> = {}): Resource {
  return resource(`${group}.istio.io`, name, kind, {
    otherVersions: group === "networking" ? ["v1beta1", "v1alpha3"] : ["v1beta1"],
    verbs: customVerbs,
    categories: ["istio-io", `${group}-istio-io`],
    subresources: [status(kind)],
    custom: true,
    ...more,
  });
}

/** Istio's kinds, and those of the metrics server, which answers as an aggregated API. */
export const customResources: readonly Resource[] = [
  istio("networking", "destinationrules", "DestinationRule", { shortNames: ["dr"] }),
  istio("networking", "envoyfilters", "EnvoyFilter", { version: "v1alpha3", otherVersions: [] }),
  istio("networking", "gateways", "Gateway", { shortNames: ["gw"] }),
  istio("networking", "serviceentries", "ServiceEntry", { shortNames: ["se"] }),
  istio("networking", "sidecars", "Sidecar"),
  istio("networking", "virtualservices", "VirtualService", { shortNames: ["vs"] }),
  istio("security", "authorizationpolicies", "AuthorizationPolicy", { shortNames: ["ap"] }),
  istio("security", "peerauthentications", "PeerAuthentication", { shortNames: ["pa"] }),
  istio("security", "requestauthentications", "RequestAuthentication", { shortNames: ["ra"] }),
  istio("telemetry", "telemetries", "Telemetry", { shortNames: ["telemetry"] }),
  resource("metrics.k8s.io", "nodes", "NodeMetrics", {
    ...clusterScoped,
    version: "v1beta1",
    singular: "",
    verbs: ["get", "list"],
  }),
  resource("metrics.k8s.io", "pods", "PodMetrics", {
    version: "v1beta1",
    singular: "",
    verbs: ["get", "list"],
  }),
];
