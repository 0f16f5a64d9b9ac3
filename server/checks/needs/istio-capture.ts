import type { Container, Pod, Service } from "kubernetes-types/core/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { isProxy } from "./istio-proxies.ts";
import { pickServiceEntry, type ServiceEntry } from "./istio-routing.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** What of a pod's traffic the proxy sees, and what goes past it. */

type Labels = Record<string, string>;
export type CapturePod = OwnedPod & {
  labels: Labels;
  /** annotations below traffic.sidecar.istio.io, by their short name */
  capture: Record<string, string>;
  /** containers that run as the proxy's user or group */
  asProxy: string[];
  ports: { container: string; name: string; port: number }[];
};
export type TargetedService = {
  namespace: string;
  name: string;
  selector: Labels | null;
  ports: { port: number; target: number | string }[];
};
export type Entry = ServiceEntry & {
  addresses: boolean;
  open: { number: number; protocol: string; targetPort: number | null }[];
};

/** The user of the proxy: what it sends is not redirected again. */
const proxyId = 1337;
const prefix = "traffic.sidecar.istio.io/";

function runsAsProxy(container: Container, pod: Pod): boolean {
  const own = container.securityContext;
  const shared = pod.spec?.securityContext;
  return (
    (own?.runAsUser ?? shared?.runAsUser) === proxyId || (own?.runAsGroup ?? shared?.runAsGroup) === proxyId
  );
}

/** Pods with a sidecar. A gateway is a proxy alone, and nothing is redirected to it. */
export function pickCapturePod(pod: Pod): CapturePod | undefined {
  const { metadata, spec, status } = pod;
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const apps = (spec?.containers ?? []).filter((one) => !isProxy(one));
  const proxied = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].some(isProxy);
  if (!proxied || apps.length === 0) return undefined;
  const annotations = Object.entries(metadata?.annotations ?? {}).filter(([key]) => key.startsWith(prefix));
  return {
    ...pickOwner(metadata),
    labels: metadata?.labels ?? {},
    capture: Object.fromEntries(annotations.map(([key, value]) => [key.slice(prefix.length), value])),
    asProxy: apps.filter((one) => runsAsProxy(one, pod)).map(({ name }) => name),
    ports: apps.flatMap((one) =>
      (one.ports ?? []).map(({ name = "", containerPort }) => ({
        container: one.name,
        name,
        port: containerPort,
      })),
    ),
  };
}

export function pickTargetedService({ metadata, spec }: Service): TargetedService {
  const selector = spec?.selector ?? {};
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    selector: Object.keys(selector).length > 0 ? selector : null,
    ports: (spec?.ports ?? []).map(({ port, targetPort }) => ({ port, target: targetPort ?? port })),
  };
}

type EntryObject = {
  metadata?: ObjectMeta;
  spec?: {
    addresses?: string[];
    ports?: { number?: number; protocol?: string; targetPort?: number }[];
  };
};

export function pickEntry(object: unknown): Entry {
  const { addresses = [], ports = [] } = (object as EntryObject).spec ?? {};
  return {
    ...pickServiceEntry(object),
    addresses: addresses.length > 0,
    open: ports.map(({ number = 0, protocol = "", targetPort }) => ({
      number,
      protocol: protocol.toUpperCase(),
      targetPort: targetPort ?? null,
    })),
  };
}

/** Ports as an annotation lists them; what is no port is left out. */
export function portList(value: string | undefined): number[] {
  return (value ?? "")
    .split(",")
    .map((part) => Number(part.trim()))
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
}
