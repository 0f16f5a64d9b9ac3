/** How Istio reads hosts: short names, wildcards, references to gateways, and who may see an object. */

/** An address of IPv4 or IPv6 names no Service and gets no domain. */
const address = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*)$/;

/** The mesh itself among the gateways of a route: every sidecar. It is what holds where no gateway is named. */
export const meshGateway = "mesh";

/** A name without a dot belongs to the namespace of the object that mentions it; any other is taken as it stands. */
export function fullHost(host: string, namespace: string): string {
  if (host === "" || host === "*" || host.includes(".") || address.test(host)) return host;
  return `${host}.${namespace}.svc.cluster.local`;
}

/** The Service that a full name speaks of, whatever the cluster's domain; null where it speaks of none. */
export function serviceOf(host: string): { namespace: string; name: string } | null {
  const [, name, namespace] = /^([^.*]+)\.([^.*]+)\.svc\.[^*]+$/.exec(host) ?? [];
  return name !== undefined && namespace !== undefined ? { namespace, name } : null;
}

/** What a name most likely means that Istio takes literally: `cart.shop` and `cart.shop.svc` are no full names. */
export function almostService(host: string): { namespace: string; name: string } | null {
  const [, name, namespace] = /^([^.*]+)\.([^.*]+)(\.svc)?\.?$/.exec(host) ?? [];
  return name !== undefined && namespace !== undefined ? { namespace, name } : null;
}

/** Whether two hosts, either of which may begin with a wildcard, have a name in common. */
export function hostsMeet(one: string, other: string): boolean {
  const a = one.toLowerCase();
  const b = other.toLowerCase();
  if (a.startsWith("*") && b.startsWith("*"))
    return a.length < b.length ? b.slice(1).endsWith(a.slice(1)) : a.slice(1).endsWith(b.slice(1));
  if (a.startsWith("*")) return b.endsWith(a.slice(1));
  if (b.startsWith("*")) return a.endsWith(b.slice(1));
  return a === b;
}

/** Whether what was exported so from one namespace is seen in another. An empty list is everywhere. */
export function visibleFrom(exportTo: readonly string[], own: string, client: string): boolean {
  if (exportTo.length === 0) return true;
  return exportTo.some((to) => to === "*" || to === client || (to === "." && own === client));
}

/** `name`, `namespace/name`, `./name` or, from long ago, `name.namespace.svc…`; null is the mesh itself. */
export function gatewayReference(
  reference: string,
  namespace: string,
): { namespace: string; name: string } | null {
  if (reference === meshGateway) return null;
  const [first = "", second] = reference.split("/");
  if (second !== undefined) return { namespace: first === "." ? namespace : first, name: second };
  const [name = "", old] = reference.split(".");
  return { namespace: old ?? namespace, name };
}

/** A host of a Gateway's server: `[namespace/]host`. It takes routes from that namespace alone. */
export function serverTakes(
  serverHost: string,
  gatewayNamespace: string,
  route: { namespace: string; host: string },
): boolean {
  const slash = serverHost.indexOf("/");
  const from = slash < 0 ? "*" : serverHost.slice(0, slash);
  const namespace = from === "." ? gatewayNamespace : from;
  return (
    (namespace === "*" || namespace === route.namespace) && hostsMeet(serverHost.slice(slash + 1), route.host)
  );
}
