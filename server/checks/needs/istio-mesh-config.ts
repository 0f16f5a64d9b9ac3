import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import { parse } from "yaml";
import { kinds, kubernetes } from "./kubernetes.ts";
import { isUnread, optional, type Unread } from "./need.ts";
import { compare } from "./owners.ts";

/** What the mesh's own configuration says: one for each revision of the control plane. */

export type MeshConfig = {
  namespace: string;
  name: string;
  revision: string;
  /** the namespace whose objects hold for all others; null where the configuration does not say */
  root: string | null;
  /** what happens to destinations that nobody registered; null where the configuration does not say */
  outbound: string | null;
};

/** What istiod takes where its configuration names no other. */
const usualRoot = "istio-system";

export function pickMeshConfig({ metadata, data = {} }: ConfigMap): MeshConfig | undefined {
  if (data.mesh === undefined) return undefined;
  const mesh = meshOf(data.mesh);
  const policy = mesh.outboundTrafficPolicy;
  const outbound = typeof policy === "object" && policy !== null && "mode" in policy ? policy.mode : null;
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    revision: metadata?.labels?.["istio.io/rev"] ?? "default",
    root: typeof mesh.rootNamespace === "string" && mesh.rootNamespace !== "" ? mesh.rootNamespace : null,
    outbound: typeof outbound === "string" ? outbound : null,
  };
}

/** istiod refuses a configuration it cannot read and goes on with its defaults. */
function meshOf(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = parse(text, { maxAliasCount: 0, logLevel: "silent" });
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Its charts give every revision's configuration this label, wherever the control plane lives. */
export const meshConfigNeed = optional(
  kubernetes.list(kinds.ConfigMap, pickMeshConfig, { labelSelector: "istio.io/rev" }),
);

/** The configuration of the default revision, or of the first there is. */
export function meshConfigOf(configs: readonly MeshConfig[] | Unread): MeshConfig | null {
  if (isUnread(configs)) return null;
  const sorted = configs.toSorted(
    (a, b) =>
      Number(b.revision === "default") - Number(a.revision === "default") ||
      compare(a.namespace + a.name, b.namespace + b.name),
  );
  return sorted[0] ?? null;
}

export function rootNamespaceOf(configs: readonly MeshConfig[] | Unread): string {
  return meshConfigOf(configs)?.root ?? usualRoot;
}
