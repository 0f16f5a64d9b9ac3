import type { Text } from "#common/text.ts";
import type { CiliumConfig, FlannelConfig, ProxyConfig } from "./network-config.ts";
import type { ApiRanges, MapNode, PluginSet } from "./network-objects.ts";
import { isServiceProxy, type Plugin, pluginByMarks, pluginOf } from "./network-plugins.ts";

/** How this cluster carries packets, as far as its objects tell. */

export type ServiceProxy = "iptables" | "ipvs" | "nftables" | "kernelspace" | "ebpf" | "unknown";
/** between two nodes */
export type Carrier = "vxlan" | "geneve" | "ipip" | "wireguard" | "routes" | "cloud" | "unknown";

export type Setup = {
  plugin: Plugin | undefined;
  set: PluginSet | undefined;
  /** where pods get their addresses; undefined where the plugin is not known */
  addresses: Plugin["addresses"] | undefined;
  /** kube-proxy's own DaemonSet, where there is one */
  proxySet: PluginSet | undefined;
  proxy: ServiceProxy;
  carrier: Carrier;
  encrypted: boolean;
};

export type SetupFacts = {
  nodes: readonly MapNode[];
  plugins: readonly PluginSet[];
  proxyConfig: ProxyConfig | null;
  cilium: CiliumConfig | null;
  flannel: FlannelConfig | null;
  pools: readonly ApiRanges[];
};

const proxyModes: Record<string, ServiceProxy> = {
  "": "iptables",
  iptables: "iptables",
  ipvs: "ipvs",
  nftables: "nftables",
  kernelspace: "kernelspace",
};

function proxyOf({ proxyConfig, cilium }: SetupFacts, proxySet: PluginSet | undefined): ServiceProxy {
  if (cilium?.replacesProxy) return "ebpf";
  if (proxyConfig) return proxyModes[proxyConfig.mode] ?? "unknown";
  return proxySet ? "iptables" : "unknown";
}

const flannelBackends: Record<string, Carrier> = {
  vxlan: "vxlan",
  "host-gw": "routes",
  wireguard: "wireguard",
  ipip: "ipip",
  "": "vxlan",
};

function calicoCarrier({ nodes }: SetupFacts, set: PluginSet | undefined): Carrier {
  const marked = (key: string) => nodes.some(({ marks }) => marks[`projectcalico.org/${key}`] !== undefined);
  if (marked("IPv4VXLANTunnelAddr")) return "vxlan";
  if (marked("IPv4IPIPTunnelAddr")) return "ipip";
  const { CALICO_IPV4POOL_IPIP: ipip = "Never", CALICO_IPV4POOL_VXLAN: vxlan = "Never" } =
    set?.settings ?? {};
  if (vxlan !== "Never") return "vxlan";
  if (ipip !== "Never") return "ipip";
  return set || marked("IPv4Address") ? "routes" : "unknown";
}

function carrierOf(facts: SetupFacts, plugin: Plugin | undefined, set: PluginSet | undefined): Carrier {
  const { nodes, cilium, flannel } = facts;
  if (addressesOf(plugin, facts) === "cloud") return "cloud";
  switch (plugin?.id) {
    case "flannel":
    case "canal": {
      const marked = nodes.map(({ marks }) => marks["flannel.alpha.coreos.com/backend-type"]).find(Boolean);
      return flannelBackends[flannel?.backend || marked || ""] ?? "unknown";
    }
    case "calico":
      return calicoCarrier(facts, set);
    case "cilium":
      if (cilium?.routing === "native") return "routes";
      return cilium?.tunnelProtocol === "geneve" ? "geneve" : "vxlan";
    case "antrea":
    case "ovn":
      return "geneve";
    case "weave":
      return "vxlan";
    case "gke":
    case "kindnet":
    case "kube-router":
      return "routes";
    default:
      return "unknown";
  }
}

function addressesOf(plugin: Plugin | undefined, { cilium }: SetupFacts): Plugin["addresses"] | undefined {
  if (plugin?.id !== "cilium") return plugin?.addresses;
  if (cilium?.ipam === "kubernetes") return "node-range";
  return /^(eni|azure|alibabacloud)$/.test(cilium?.ipam ?? "") ? "cloud" : "own-pools";
}

export function setupOf(facts: SetupFacts): Setup {
  const { nodes, plugins, cilium, flannel } = facts;
  const proxySet = plugins.find(isServiceProxy);
  const sets = plugins.filter((set) => !isServiceProxy(set) && set.desired > 0);
  // the DaemonSet with most nodes is the one in use: an old one often stays behind with none
  const [set] = sets.toSorted((a, b) => b.desired - a.desired || (a.name < b.name ? -1 : 1));
  const plugin = (set && pluginOf(set)) ?? pluginByMarks(nodes.flatMap(({ marks }) => Object.keys(marks)));
  const carrier = carrierOf(facts, plugin, set);
  return {
    plugin,
    set,
    addresses: addressesOf(plugin, facts),
    proxySet,
    proxy: proxyOf(facts, proxySet),
    carrier,
    encrypted: Boolean(cilium?.encryption) || flannel?.backend === "wireguard",
  };
}

export function proxyWords(proxy: ServiceProxy): Text {
  if (proxy === "ebpf") return { en: "eBPF, no kube-proxy", "zh-CN": "eBPF（不用 kube-proxy）" };
  if (proxy === "unknown") return { en: "not visible here", "zh-CN": "这里看不到" };
  return { en: `kube-proxy, ${proxy}`, "zh-CN": `kube-proxy，${proxy} 模式` };
}

const carriers: Record<Carrier, Text> = {
  vxlan: { en: "VXLAN: a UDP packet between the nodes", "zh-CN": "VXLAN：节点之间的 UDP 报文" },
  geneve: { en: "Geneve: a UDP packet between the nodes", "zh-CN": "Geneve：节点之间的 UDP 报文" },
  ipip: { en: "IP in IP between the nodes", "zh-CN": "节点之间用 IPIP 封装" },
  wireguard: { en: "WireGuard between the nodes", "zh-CN": "节点之间走 WireGuard" },
  routes: { en: "plain routes, nothing wrapped", "zh-CN": "普通路由，不封装" },
  cloud: { en: "the cloud's own network", "zh-CN": "云厂商自己的网络" },
  unknown: { en: "not visible here", "zh-CN": "这里看不到" },
};

export function carrierWords(carrier: Carrier): Text {
  return carriers[carrier];
}
