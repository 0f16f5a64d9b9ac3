import type { KubernetesKind } from "../../checks/needs/need.ts";

/** URL paths and the words for them. Every variable part is encoded. */
export function resourcePath(kind: KubernetesKind, namespace?: string, name?: string): string {
  const base = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const within = kind.namespaced && namespace !== undefined ? `/namespaces/${encodeSegment(namespace)}` : "";
  return `${base}${within}/${kind.resource}${name === undefined ? "" : `/${encodeSegment(name)}`}`;
}

export function resourceName(kind: Pick<KubernetesKind, "group" | "resource">): string {
  return kind.group === "" ? kind.resource : `${kind.resource}.${kind.group}`;
}

/** A name from outside stays one path segment, whatever it holds. */
export function encodeSegment(segment: string): string {
  if (segment === "" || segment === "." || segment === "..") throw new TypeError("not a Kubernetes name");
  return encodeURIComponent(segment);
}
