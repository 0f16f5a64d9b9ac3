import { holdsRange, type IpRange, parseRanges, rangeSize, rangeText } from "#common/kubernetes/ip-range.ts";
import type { CiliumConfig, FlannelConfig, KubeadmNetwork, ProxyConfig } from "./network-config.ts";
import type { ApiRanges, MapNode } from "./network-objects.ts";
import type { Setup } from "./network-setup.ts";

/** Which addresses are whose, and who says so. */

export type Claim = { range: IpRange; text: string; sources: string[] };

export type RangeFacts = {
  nodes: readonly MapNode[];
  flags: readonly string[];
  kubeadm: KubeadmNetwork | null;
  proxyConfig: ProxyConfig | null;
  cilium: CiliumConfig | null;
  flannel: FlannelConfig | null;
  serviceRanges: readonly ApiRanges[];
  pools: readonly ApiRanges[];
};

export type Ranges = {
  /** for pods as a whole; what the network plugin itself uses comes first */
  pods: Claim[];
  /** those of `pods` from which addresses are really given */
  used: Claim[];
  services: Claim[];
  /** the range of each node that has one */
  ofNodes: { node: MapNode; range: IpRange; text: string }[];
};

function collect(entries: readonly (readonly [text: string | undefined, source: string])[]): Claim[] {
  const claims = new Map<string, Claim>();
  for (const [words, source] of entries)
    for (const range of parseRanges(words ?? "")) {
      const text = rangeText(range);
      const known = claims.get(text);
      if (!known) claims.set(text, { range, text, sources: [source] });
      else if (!known.sources.includes(source)) known.sources.push(source);
    }
  return [...claims.values()];
}

function flagValue(flags: readonly string[], name: string): string | undefined {
  return flags.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function pluginPools({ cilium, flannel, pools }: RangeFacts, { plugin, set }: Setup): Claim[] {
  if (plugin?.id === "cilium" && /^(cluster-pool|cluster-pool-v2beta|)$/.test(cilium?.ipam ?? ""))
    return collect([[cilium?.pools.join(" "), "cilium-config"]]);
  if (plugin?.id === "calico") {
    const found = collect(pools.map(({ name, cidrs }) => [cidrs.join(" "), `IPPool ${name}`]));
    return found.length > 0 ? found : collect([[set?.settings.CALICO_IPV4POOL_CIDR, "calico-node"]]);
  }
  if (plugin?.id === "flannel" || plugin?.id === "canal")
    return collect([[flannel?.networks.join(" "), "kube-flannel-cfg"]]);
  return [];
}

export function rangesOf(facts: RangeFacts, setup: Setup): Ranges {
  const { nodes, flags, kubeadm, proxyConfig, serviceRanges } = facts;
  const own = pluginPools(facts, setup);
  const declared = collect([
    [flagValue(flags, "cluster-cidr"), "kube-controller-manager"],
    [kubeadm?.podSubnet, "kubeadm-config"],
    [proxyConfig?.clusterCIDR, "kube-proxy"],
  ]);
  const pods = collect(
    [...own, ...declared].flatMap(({ text, sources }) => sources.map((source) => [text, source] as const)),
  );
  return {
    pods,
    used: own.length > 0 ? own : setup.addresses === "cloud" ? [] : declared,
    services: collect([
      ...serviceRanges.map(({ name, cidrs }) => [cidrs.join(" "), `ServiceCIDR ${name}`] as const),
      [flagValue(flags, "service-cluster-ip-range"), "kube-apiserver"],
      [kubeadm?.serviceSubnet, "kubeadm-config"],
    ]),
    ofNodes: nodes.flatMap((node) =>
      parseRanges(node.ranges.join(" ")).map((range) => ({ node, range, text: rangeText(range) })),
    ),
  };
}

/** Whether pods get their addresses from their node's own range. True also where the plugin is not known. */
export function usesNodeRanges({ addresses }: Setup, { ofNodes }: Ranges): boolean {
  return ofNodes.length > 0 && (addresses === undefined || addresses === "node-range");
}

/** What a range has for pods: the network's own, the bridge's and the broadcast address are not given. */
export function usableAddresses(range: IpRange, reserved: number): bigint {
  const usable = rangeSize(range) - BigInt(reserved);
  return usable > 0n ? usable : 0n;
}

/** Of a pool that is cut into node ranges: how many of them are given, and how many there are. */
export function nodeRangesIn(
  pool: IpRange,
  ofNodes: Ranges["ofNodes"],
): { given: number; all: number } | null {
  const inside = ofNodes.filter(({ range }) => holdsRange(pool, range));
  const [first] = inside;
  if (!first || inside.some(({ range }) => range.prefix !== first.range.prefix)) return null;
  const bits = first.range.prefix - pool.prefix;
  return { given: new Set(inside.map(({ text }) => text)).size, all: 2 ** Math.min(bits, 50) };
}
