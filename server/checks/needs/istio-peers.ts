import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { carries } from "./istio-registry.ts";
import { kinds, kubernetes } from "./kubernetes.ts";
import { compare } from "./owners.ts";

/** Which kind of connection a pod's proxy takes: PeerAuthentications by Istio's precedence. */

type Labels = Record<string, string>;
type PeerObject = {
  metadata?: ObjectMeta;
  spec?: {
    selector?: { matchLabels?: Labels };
    mtls?: { mode?: string };
    portLevelMtls?: Record<string, { mode?: string }>;
  };
};
export type PeerRule = {
  namespace: string;
  name: string;
  createdAt: string;
  /** null: every pod of the namespace, or of the mesh in the root namespace */
  selector: Labels | null;
  mode: string;
  ports: Record<string, string>;
};

export function pickPeerRule(object: unknown): PeerRule {
  const { metadata, spec = {} } = object as PeerObject;
  const labels = spec.selector?.matchLabels ?? {};
  const ports = Object.entries(spec.portLevelMtls ?? {}).map(([port, { mode = "UNSET" }]) => [port, mode]);
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    createdAt: metadata?.creationTimestamp ?? "",
    selector: Object.keys(labels).length > 0 ? labels : null,
    mode: spec.mtls?.mode ?? "UNSET",
    ports: Object.fromEntries(ports),
  };
}

export const peerNeed = kubernetes.list(
  [kinds.PeerAuthentication, kinds.PeerAuthenticationBeta],
  pickPeerRule,
);

/** What holds for a port of a pod, and the rule that says so; PERMISSIVE is what holds where nobody says anything. */
export function peerMode(
  rules: readonly PeerRule[],
  pod: { namespace: string; labels: Labels },
  { port, root: rootNamespace }: { port: number; root: string },
): { mode: string; rule?: PeerRule } {
  const oldest = [...rules].sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.name, b.name));
  const home = oldest.filter(({ namespace }) => namespace === pod.namespace);
  const own = home.find(({ selector }) => selector !== null && carries(pod.labels, selector));
  const wide = home.find(({ selector }) => selector === null);
  const root = oldest.find(({ namespace, selector }) => namespace === rootNamespace && selector === null);
  const atPort = own?.ports[String(port)] ?? "UNSET";
  if (own && atPort !== "UNSET") return { mode: atPort, rule: own };
  const rule = [own, wide, root].find((one) => one && one.mode !== "UNSET");
  return rule ? { mode: rule.mode, rule } : { mode: "PERMISSIVE" };
}
