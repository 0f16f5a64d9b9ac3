import type { Container, Pod } from "kubernetes-types/core/v1.d.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** Which pods carry Istio's proxy, which are its control plane, and of what version each is. */

export type ProxyPod = OwnedPod & {
  /** `version` is absent where the image's tag is no version; `auto`: the placeholder that the injector replaces */
  proxy?: { version?: string; revision?: string; auto?: true };
  istiod?: { version?: string; revision: string };
  /** without a proxy: what the pod itself says about injection */
  asks?: true;
  /** the revision that the pod itself names */
  names?: string;
};

/** The injector never touches these. */
const ignoredNamespaces = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

/** "1.24.2" of "docker.io/istio/proxyv2:1.24.2-distroless@sha256:…"; undefined for "latest", a hash and the like. */
export function imageVersion(image: string | undefined): string | undefined {
  const tag = /:([^/:@]+)(@[^@]*)?$/.exec(image?.replace(/@sha256:.*$/, "") ?? "")?.[1];
  return /^v?(\d+\.\d+\.\d+)(?![\d.])/.exec(tag ?? "")?.[1];
}

/** How many minor versions `other` is behind, and whether it is older at all; null for another major version. */
export function behind(version: string, other: string): { minors: number; older: boolean } | null {
  const [major, minor = 0, patch = 0] = version.split(".").map(Number);
  const [otherMajor, otherMinor = 0, otherPatch = 0] = other.split(".").map(Number);
  if (major !== otherMajor) return null;
  const minors = minor - otherMinor;
  return { minors, older: minors > 0 || (minors === 0 && patch > otherPatch) };
}

function injectedRevision(status: string | undefined): string | undefined {
  try {
    const { revision } = JSON.parse(status ?? "{}") as { revision?: unknown };
    return typeof revision === "string" && revision !== "" ? revision : undefined;
  } catch {
    return undefined;
  }
}

export function isProxy({ name }: Pick<Container, "name">): boolean {
  return name === "istio-proxy";
}

/** Pods that have a proxy or could get one; those the injector leaves alone, by rule or by wish, are dropped. */
export function pickProxyPod({ metadata, spec, status }: Pod): ProxyPod | undefined {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const labels = metadata?.labels ?? {};
  const owned = pickOwner(metadata);
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const revision = labels["istio.io/rev"];
  const proxy = containers.find(isProxy);
  if (proxy) {
    const version = imageVersion(proxy.image);
    const actual = injectedRevision(metadata?.annotations?.["sidecar.istio.io/status"]) ?? revision;
    return {
      ...owned,
      proxy: {
        ...(version && { version }),
        ...(actual && { revision: actual }),
        ...(proxy.image === "auto" && { auto: true as const }),
      },
    };
  }
  const discovery = containers.find(
    ({ name, image }) => name === "discovery" && /\/pilot\b/.test(image ?? ""),
  );
  if (discovery) {
    const version = imageVersion(discovery.image);
    return { ...owned, istiod: { revision: revision ?? "default", ...(version && { version }) } };
  }
  const wish =
    labels["sidecar.istio.io/inject"] ?? metadata?.annotations?.["sidecar.istio.io/inject"] ?? undefined;
  const untouched =
    wish === "false" ||
    spec?.hostNetwork ||
    metadata?.deletionTimestamp !== undefined ||
    owned.owner?.kind === "Node" ||
    ignoredNamespaces.includes(owned.namespace);
  if (untouched) return undefined;
  return { ...owned, ...(wish === "true" && { asks: true as const }), ...(revision && { names: revision }) };
}

/** The version that serves a proxy: its own revision's control plane, or the only one there is. */
export function controlPlanes(
  pods: readonly ProxyPod[],
): (revision: string | undefined) => string | undefined {
  const versions = new Map<string, string>();
  for (const { istiod } of pods) {
    if (!istiod?.version) continue;
    const known = versions.get(istiod.revision);
    // While istiod itself is rolled out, the older of its pods is what may be asked of everyone.
    if (!known || behind(known, istiod.version)?.older) versions.set(istiod.revision, istiod.version);
  }
  const [only, ...others] = versions.values();
  return (revision) => versions.get(revision ?? "default") ?? (others.length === 0 ? only : undefined);
}
