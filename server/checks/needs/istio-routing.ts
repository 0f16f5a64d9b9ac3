import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { kinds, kubernetes } from "./kubernetes.ts";

/** The routing objects of Istio as its CustomResourceDefinitions have them, and the small part of each that is kept. */

type Labels = Record<string, string>;
type DestinationObject = { host?: string; subset?: string; port?: { number?: number } };
type TargetObject = { destination?: DestinationObject; weight?: number };
type MatchObject = { gateways?: string[] };
type RouteObject = {
  name?: string;
  match?: MatchObject[];
  route?: TargetObject[];
  delegate?: { name?: string; namespace?: string };
};
type VirtualServiceObject = {
  metadata?: ObjectMeta;
  spec?: {
    hosts?: string[];
    gateways?: string[];
    exportTo?: string[];
    http?: RouteObject[];
    tls?: RouteObject[];
    tcp?: RouteObject[];
  };
};
type GatewayObject = {
  metadata?: ObjectMeta;
  spec?: {
    selector?: Labels;
    servers?: {
      hosts?: string[];
      port?: { number?: number; protocol?: string };
      tls?: { mode?: string; httpsRedirect?: boolean };
    }[];
  };
};
type DestinationRuleObject = {
  metadata?: ObjectMeta;
  spec?: { host?: string; exportTo?: string[]; subsets?: { name?: string; labels?: Labels }[] };
};
type ServiceEntryObject = {
  metadata?: ObjectMeta;
  spec?: {
    hosts?: string[];
    exportTo?: string[];
    ports?: { number?: number }[];
    resolution?: string;
    endpoints?: object[];
    workloadSelector?: object;
  };
};

type Named = { namespace: string; name: string };
export type Destination = { host: string; subset?: string; port?: number; weight?: number };
export type Route = {
  /** where it stands: "http[0]", or with its name "http[0] canary" */
  at: string;
  /** only for requests that come through these, where every match says so */
  gateways?: string[];
  delegate?: Named;
  destinations: Destination[];
};
export type VirtualService = Named & {
  createdAt: string;
  hosts: string[];
  /** as written; the mesh itself where none is named */
  gateways: string[];
  exportTo: string[];
  routes: Route[];
};
export type GatewayServer = {
  hosts: string[];
  port?: number;
  protocol: string;
  /** TLS goes through unopened, and picks the Service by its name: no route is needed */
  passthrough: boolean;
  redirects: boolean;
};
export type Gateway = Named & { selector: Labels; servers: GatewayServer[] };
export type Subset = { name: string; labels: Labels };
export type DestinationRule = Named & { host: string; exportTo: string[]; subsets: Subset[] };
export type ServiceEntry = Named & {
  hosts: string[];
  exportTo: string[];
  ports: number[];
  /** it names its addresses itself, and names none */
  empty: boolean;
};

function named(metadata: ObjectMeta | undefined): Named {
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
}

function pickDestination({ destination, weight }: TargetObject): Destination {
  const { host = "", subset, port } = destination ?? {};
  return {
    host,
    ...(subset && { subset }),
    ...(port?.number !== undefined && { port: port.number }),
    ...(weight !== undefined && { weight }),
  };
}

function pickRoute(protocol: string, namespace: string) {
  return ({ name, match = [], route = [], delegate }: RouteObject, index: number): Route => {
    const bound = match.map(({ gateways = [] }) => gateways);
    const isBound = bound.length > 0 && bound.every((gateways) => gateways.length > 0);
    return {
      at: `${protocol}[${index}]${name ? ` ${name}` : ""}`,
      ...(isBound && { gateways: [...new Set(bound.flat())] }),
      ...(delegate?.name && {
        delegate: { namespace: delegate.namespace ?? namespace, name: delegate.name },
      }),
      destinations: route.map(pickDestination),
    };
  };
}

export function pickVirtualService(object: unknown): VirtualService {
  const { metadata, spec = {} } = object as VirtualServiceObject;
  const own = named(metadata);
  const { gateways = [] } = spec;
  return {
    ...own,
    createdAt: metadata?.creationTimestamp ?? "",
    hosts: spec.hosts ?? [],
    gateways: gateways.length > 0 ? gateways : ["mesh"],
    exportTo: spec.exportTo ?? [],
    routes: (["http", "tls", "tcp"] as const).flatMap((protocol) =>
      (spec[protocol] ?? []).map(pickRoute(protocol, own.namespace)),
    ),
  };
}

export function pickGateway(object: unknown): Gateway {
  const { metadata, spec = {} } = object as GatewayObject;
  return {
    ...named(metadata),
    selector: spec.selector ?? {},
    servers: (spec.servers ?? []).map(({ hosts = [], port, tls }) => ({
      hosts,
      ...(port?.number !== undefined && { port: port.number }),
      protocol: port?.protocol ?? "",
      passthrough: tls?.mode === "AUTO_PASSTHROUGH",
      redirects: tls?.httpsRedirect ?? false,
    })),
  };
}

export function pickDestinationRule(object: unknown): DestinationRule {
  const { metadata, spec = {} } = object as DestinationRuleObject;
  return {
    ...named(metadata),
    host: spec.host ?? "",
    exportTo: spec.exportTo ?? [],
    subsets: (spec.subsets ?? []).map(({ name = "", labels = {} }) => ({ name, labels })),
  };
}

export function pickServiceEntry(object: unknown): ServiceEntry {
  const { metadata, spec = {} } = object as ServiceEntryObject;
  const { endpoints = [], workloadSelector, resolution = "NONE" } = spec;
  return {
    ...named(metadata),
    hosts: spec.hosts ?? [],
    exportTo: spec.exportTo ?? [],
    ports: (spec.ports ?? []).flatMap(({ number }) => number ?? []),
    empty: resolution === "STATIC" && endpoints.length === 0 && workloadSelector === undefined,
  };
}

/** What routes are made of, under the version that the server serves. Absent kinds: there is no Istio to speak of. */
export const istioNeeds = {
  gateways: kubernetes.list([kinds.Gateway, kinds.GatewayBeta], pickGateway),
  virtualServices: kubernetes.list([kinds.VirtualService, kinds.VirtualServiceBeta], pickVirtualService),
  destinationRules: kubernetes.list([kinds.DestinationRule, kinds.DestinationRuleBeta], pickDestinationRule),
  serviceEntries: kubernetes.list([kinds.ServiceEntry, kinds.ServiceEntryBeta], pickServiceEntry),
};
