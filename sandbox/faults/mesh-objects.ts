import { meshNamespace } from "../objects/edge-workloads.ts";
import type { ApiObject } from "../objects/types.ts";

/** Objects of Istio that faults add to the mesh. They are younger than the mesh's own. */

export const routeResource = "virtualservices.networking.istio.io";
export const gatewayResource = "gateways.networking.istio.io";
/** the gateway that is there anyway, and the host that it takes */
export const publicGateway = `${meshNamespace}/boutique`;
export const publicHost = "boutique.example.com";

export const meshHost = (service: string, namespace = meshNamespace) =>
  `${service}.${namespace}.svc.cluster.local`;

export function meshObject(namespace: string, name: string, spec: Record<string, unknown>): ApiObject {
  return { metadata: { namespace, name, creationTimestamp: "2026-01-10T06:00:00Z", generation: 1 }, spec };
}

/** A route from the public gateway for one path of its host, healthy but for what is added. */
export function publicRoute(
  name: string,
  service: string,
  { destination = {}, ...more }: { destination?: Record<string, unknown>; [field: string]: unknown } = {},
): ApiObject {
  return meshObject(meshNamespace, name, {
    hosts: [publicHost],
    gateways: [publicGateway],
    http: [
      {
        match: [{ uri: { prefix: `/${name}` } }],
        route: [{ destination: { host: meshHost(service), port: { number: 80 }, ...destination } }],
        ...more,
      },
    ],
  });
}

/** Changes the only route of a VirtualService, as an edit of its manifest would. */
export function withRoute(
  object: ApiObject,
  change: (route: Record<string, unknown>) => Record<string, unknown>,
): ApiObject {
  const spec = object.spec as { http: Record<string, unknown>[] };
  return { ...object, spec: { ...spec, http: spec.http.map(change) } };
}
