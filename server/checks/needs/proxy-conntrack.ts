import type { DaemonSet } from "kubernetes-types/apps/v1.d.ts";
import type { ConfigMap, Node } from "kubernetes-types/core/v1.d.ts";
import { z } from "zod";
import { readYaml } from "./network-config.ts";

/** What kube-proxy does about packets that connection tracking calls INVALID, and how large it makes the table. */

const count = z.number().int().nonnegative().nullable().catch(null);

const conntrackSchema = z.object({
  mode: z.string().catch(""),
  conntrack: z
    .object({ tcpBeLiberal: z.boolean().catch(false), maxPerCore: count, min: count })
    .catch({ tcpBeLiberal: false, maxPerCore: null, min: null }),
});

export type ProxyConntrack = {
  /** "" stands for iptables, the default on Linux */
  mode: string;
  beLiberal: boolean;
  /** null: kube-proxy's own value holds */
  maxPerCore: number | null;
  min: number | null;
};

/** As kubeadm ("config.conf") and others store it; null where the ConfigMap holds no configuration of kube-proxy. */
export function pickProxyConntrack({ data }: ConfigMap): ProxyConntrack | null {
  const text = data?.["config.conf"] ?? data?.config ?? data?.["kube-proxy-config"];
  const parsed = text === undefined ? undefined : conntrackSchema.safeParse(readYaml(text));
  if (!parsed?.success) return null;
  const { mode, conntrack } = parsed.data;
  return { mode, beLiberal: conntrack.tcpBeLiberal, maxPerCore: conntrack.maxPerCore, min: conntrack.min };
}

/** kube-proxy's minor version of Kubernetes 1; null where its image does not say. */
export function pickProxyMinor({ spec }: DaemonSet): number | null {
  const image = spec?.template.spec?.containers.find(({ name }) => name === "kube-proxy")?.image ?? "";
  const minor = /:v?1\.(\d+)/.exec(image)?.[1];
  return minor === undefined ? null : Number(minor);
}

export type KernelNode = { name: string; kernel: string; cores: number };

export function pickKernelNode({ metadata, status }: Node): KernelNode {
  const cores = Number(status?.capacity?.cpu ?? 0);
  return {
    name: metadata?.name ?? "",
    kernel: status?.nodeInfo?.kernelVersion ?? "",
    cores: Number.isFinite(cores) ? cores : 0,
  };
}

/** Up to 6.0 a bug in connection tracking makes INVALID packets of connections that are in order. */
export function hasTrackingBug({ kernel }: KernelNode): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) < 6 || (Number(major) === 6 && Number(minor) < 1);
}

const ownDefaults = { maxPerCore: 32_768, min: 131_072 };

/** Entries of the table that kube-proxy sets on a node; null: it leaves the kernel's value as it is. */
export function tableSize({ maxPerCore, min }: ProxyConntrack, { cores }: KernelNode): number | null {
  const perCore = maxPerCore ?? ownDefaults.maxPerCore;
  return perCore === 0 ? null : Math.max(perCore * cores, min ?? ownDefaults.min);
}
