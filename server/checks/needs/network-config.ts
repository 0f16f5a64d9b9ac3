import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import { parse } from "yaml";
import { z } from "zod";

/** The few settings of ConfigMaps that say how a cluster's network is meant to be. Parsers throw nothing. */

export function readYaml(text: string | undefined): unknown {
  try {
    return parse(text ?? "", { maxAliasCount: 0, logLevel: "silent" });
  } catch {
    return undefined;
  }
}

const word = z.string().catch("");
const flag = z.boolean().catch(false);

export type KubeadmNetwork = { podSubnet: string; serviceSubnet: string };

const kubeadmSchema = z.object({ networking: z.object({ podSubnet: word, serviceSubnet: word }) });

export function pickKubeadmNetwork({ data }: ConfigMap): KubeadmNetwork | null {
  const parsed = kubeadmSchema.safeParse(readYaml(data?.ClusterConfiguration));
  return parsed.success ? parsed.data.networking : null;
}

export type ProxyConfig = {
  /** "" stands for the platform's default, iptables on Linux */
  mode: string;
  clusterCIDR: string;
  detectLocalMode: string;
  scheduler: string;
  strictARP: boolean;
  minSyncPeriod: string;
};

const proxySchema = z.object({
  kind: z.literal("KubeProxyConfiguration"),
  mode: word,
  clusterCIDR: word,
  detectLocalMode: word,
  ipvs: z
    .object({ scheduler: word, strictARP: flag, minSyncPeriod: word })
    .catch({ scheduler: "", strictARP: false, minSyncPeriod: "" }),
});

/** kube-proxy's configuration as kubeadm ("config.conf") and others ("config") store it; null where it is none. */
export function pickProxyConfig({ data }: ConfigMap): ProxyConfig | null {
  const text = data?.["config.conf"] ?? data?.config ?? data?.["kube-proxy-config"];
  const parsed = text === undefined ? undefined : proxySchema.safeParse(readYaml(text));
  if (!parsed?.success) return null;
  const { ipvs, kind: _, ...rest } = parsed.data;
  return { ...rest, ...ipvs };
}

export type CiliumConfig = {
  ipam: string;
  pools: string[];
  poolMask: string;
  routing: string;
  tunnelProtocol: string;
  replacesProxy: boolean;
  encryption: string;
};

export function pickCiliumConfig({ data = {} }: ConfigMap): CiliumConfig {
  const tunnel = data.tunnel ?? "";
  const routing = data["routing-mode"] ?? (tunnel === "disabled" ? "native" : "tunnel");
  const pools = [data["cluster-pool-ipv4-cidr"], data["cluster-pool-ipv6-cidr"]].join(" ").trim();
  return {
    ipam: data.ipam ?? "",
    pools: pools === "" ? [] : pools.split(/[\s,]+/),
    poolMask: data["cluster-pool-ipv4-mask-size"] ?? "",
    routing,
    tunnelProtocol: data["tunnel-protocol"] ?? (/^(vxlan|geneve)$/.test(tunnel) ? tunnel : "vxlan"),
    replacesProxy: /^(true|strict)$/.test(data["kube-proxy-replacement"] ?? ""),
    encryption:
      data["enable-wireguard"] === "true" ? "wireguard" : data["enable-ipsec"] === "true" ? "ipsec" : "",
  };
}

export type FlannelConfig = { networks: string[]; backend: string };

const flannelSchema = z.object({
  Network: word,
  IPv6Network: word,
  Backend: z.object({ Type: word }).catch({ Type: "" }),
});

export function pickFlannelConfig({ data }: ConfigMap): FlannelConfig | null {
  // JSON is YAML, too
  const parsed = flannelSchema.safeParse(readYaml(data?.["net-conf.json"]));
  if (!parsed.success) return null;
  const { Network, IPv6Network, Backend } = parsed.data;
  return { networks: [Network, IPv6Network].filter((network) => network !== ""), backend: Backend.Type };
}
