import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { pickProxyPod } from "./istio-proxies.ts";
import { type MeshPort, type MeshService, pickMeshService } from "./istio-registry.ts";
import { type DestinationRule, pickDestinationRule } from "./istio-routing.ts";

/** Headless Services as Istio sees them: callers connect to a pod's address, and the proxy keeps to it. */

type TlsObject = { mode?: string };
type PolicyObject = {
  tls?: TlsObject;
  loadBalancer?: object;
  portLevelSettings?: { port?: { number?: number }; tls?: TlsObject; loadBalancer?: object }[];
};

/** `tls` holds modes by port, the whole host's under "". */
export type HeadlessRule = DestinationRule & { tls: Record<string, string>; balances: boolean };
export type ControlPlane = { version?: string; eds?: true };

export function pickHeadlessRule(object: unknown): HeadlessRule {
  const { trafficPolicy = {} } = (object as { spec?: { trafficPolicy?: PolicyObject } }).spec ?? {};
  const { tls, loadBalancer, portLevelSettings = [] } = trafficPolicy;
  const ports = portLevelSettings.flatMap(({ port, tls: own }) =>
    own?.mode ? [[String(port?.number ?? ""), own.mode]] : [],
  );
  return {
    ...pickDestinationRule(object),
    tls: { ...(tls?.mode && { "": tls.mode }), ...Object.fromEntries(ports) },
    balances: loadBalancer !== undefined || portLevelSettings.some((one) => one.loadBalancer !== undefined),
  };
}

export function pickHeadlessService(service: Parameters<typeof pickMeshService>[0]): MeshService | undefined {
  const picked = pickMeshService(service);
  return picked.headless && picked.selector !== null ? picked : undefined;
}

const edsSwitch = "PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES";

export function pickControlPlane(pod: Pod): ControlPlane | undefined {
  const istiod = pickProxyPod(pod)?.istiod;
  if (!istiod) return undefined;
  const env = (pod.spec?.containers ?? []).flatMap((one) => one.env ?? []);
  const eds = env.some(({ name, value }) => name === edsSwitch && value === "true");
  return { ...(istiod.version && { version: istiod.version }), ...(eds && { eds: true as const }) };
}

/** Before 1.7 a client's proxy spoke mutual TLS to every pod of a headless Service, with a proxy or without. */
export function hasHeadlessBug({ version }: ControlPlane): boolean {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major === 1 && minor < 7;
}

const httpNames = /^(http|http2|grpc|grpc-web)(-|$)/;

/** Whether Istio takes a port for HTTP because somebody said so; what it guesses is not counted. */
export function isHttp({ name, appProtocol = "" }: MeshPort): boolean {
  if (appProtocol !== "") return /^(http|http2|grpc|grpc-web|kubernetes\.io\/(h2c|ws))$/i.test(appProtocol);
  return httpNames.test(name);
}
