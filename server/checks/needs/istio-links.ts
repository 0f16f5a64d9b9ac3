import type { Subject } from "#common/result.ts";
import type { MeshPod, Registry, Target } from "./istio-registry.ts";
import type { Destination, Gateway, GatewayServer, VirtualService } from "./istio-routing.ts";

/** What a request's way through the mesh is made of, and what may be broken about each link. */

export const breakCodes = [
  "missing-gateway",
  "gateway-without-pod",
  "gateway-not-ready",
  "host-not-on-gateway",
  "not-exported",
  "missing-delegate",
  "ignored-by-older",
  "missing-destination",
  "missing-port",
  "port-not-chosen",
  "missing-subset",
  "no-pod",
  "no-ready-pod",
  "no-endpoint",
  "gateway-host-without-route",
] as const;
export type BreakCode = (typeof breakCodes)[number];

export type Break = {
  code: BreakCode;
  verdict: "warn" | "fail";
  /** what has to be mended */
  subject: Subject;
  /** words of the sentence about it */
  words: Record<string, string>;
};

export type GatewayHop = {
  reference: string;
  /** null: every sidecar of the mesh */
  at: { namespace: string; name: string } | null;
  gateway?: Gateway;
  servers: GatewayServer[];
  pods: MeshPod[];
  breaks: Break[];
};
export type DestinationHop = {
  at: string;
  destination: Destination;
  target: Target | null;
  /** the rule that defines the subset */
  rule?: { namespace: string; name: string };
  pods: MeshPod[];
  breaks: Break[];
};
export type Flow = {
  virtualService: VirtualService;
  gateways: GatewayHop[];
  destinations: DestinationHop[];
  /** of the VirtualService itself */
  breaks: Break[];
};

export type World = {
  registry: Registry;
  gateways: ReadonlyMap<string, Gateway>;
  virtualServices: ReadonlyMap<string, VirtualService>;
  /** by full host: those that sidecars follow, oldest first */
  inMesh: ReadonlyMap<string, VirtualService[]>;
};

export const keyOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;
export const subjectOf = (
  kind: string,
  { namespace, name }: { namespace: string; name: string },
  part?: string,
): Subject => ({ kind, namespace, name, ...(part && { part }) });
