import type { Resource } from "./resources.ts";

export const allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

type Subresource = NonNullable<Resource["subresources"]>[number];

export const status = (kind: string): Subresource => ({
  name: "status",
  kind,
  verbs: ["get", "patch", "update"],
});

export const scale: Subresource = {
  name: "scale",
  kind: "Scale",
  group: "autoscaling",
  version: "v1",
  verbs: ["get", "patch", "update"],
};

/** A kind of version v1 in a namespace, with every verb, unless it says otherwise. */
export function resource(group: string, name: string, kind: string, more: Partial<Resource> = {}): Resource {
  const singular = kind.toLowerCase();
  return { group, version: "v1", name, singular, kind, namespaced: true, verbs: allVerbs, ...more };
}

export const clusterScoped = { namespaced: false } as const;
