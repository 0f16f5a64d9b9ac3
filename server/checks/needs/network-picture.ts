import type { Picture, PictureEdge, PictureNode } from "#common/picture.ts";
import type { Finding } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { DnsSlice, MapNode, MapService } from "./network-objects.ts";
import type { Ranges } from "./network-ranges.ts";
import type { Room } from "./network-room.ts";
import { carrierWords, proxyWords, type Setup } from "./network-setup.ts";

/** A packet's way through this cluster, drawn from what was read. */

export type Drawn = {
  setup: Setup;
  ranges: Ranges;
  room: Room;
  nodes: readonly MapNode[];
  services: readonly MapService[];
  dns: readonly DnsSlice[];
  findings: readonly Finding[];
};

type Mark = "pass" | "warn" | "fail" | "unknown";

/** The worst finding among some codes. */
export function markOf(findings: readonly Finding[], isMeant: (finding: Finding) => boolean): Mark {
  const verdicts = findings.filter(isMeant).map(({ verdict }) => verdict);
  return (["fail", "warn", "unknown"] as const).find((mark) => verdicts.includes(mark)) ?? "pass";
}

const has =
  (...codes: string[]) =>
  ({ code }: Finding) =>
    codes.includes(code);

export const column = (en: string, zh: string): Text => ({ en, "zh-CN": zh });
const columns: Text[] = [
  column("Pod", "Pod（发起方）"),
  column("Its node", "所在节点"),
  column("Service", "Service（服务）"),
  column("Between nodes", "节点之间"),
  column("Other node", "另一个节点"),
  column("Pod", "Pod（目标）"),
];

function attachment({ plugin }: Setup): Text {
  switch (plugin?.id) {
    case "cilium":
      return column("veth, eBPF program", "veth，eBPF 程序");
    case "calico":
      return column("veth, a route for each pod", "veth，每个 Pod 一条路由");
    case "aws":
    case "azure":
      return column("address of the cloud network", "云网络的地址");
    case "flannel":
    case "kindnet":
    case "canal":
    case "kube-router":
      return column("veth, bridge or route", "veth，网桥或路由");
    case "antrea":
    case "ovn":
      return column("veth, Open vSwitch", "veth，Open vSwitch");
    default:
      return column("network plugin not recognised", "未能识别的网络插件");
  }
}

export const short = (texts: readonly string[]) =>
  texts.length > 2 ? `${texts.slice(0, 2).join(", ")} …` : texts.join(", ");

/** Two nodes stand for all: the first two by name. */
function pathNodes({ setup, ranges, nodes, findings, services, dns }: Drawn): PictureNode[] {
  const [one, other] = nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rangeOf = (node?: MapNode) =>
    short(ranges.ofNodes.filter((own) => own.node.name === node?.name).map(({ text }) => text)) ||
    short(ranges.used.map(({ text }) => text));
  const pods = markOf(
    findings,
    has("node-range-nearly-full", "no-address", "address-outside-ranges", "range-below-max-pods"),
  );
  const agents = markOf(
    findings,
    has("plugin-not-ready", "node-without-range", "node-in-range", "node-ranges-overlap"),
  );
  const title = setup.plugin?.title ?? { en: "Network plugin", "zh-CN": "网络插件" };
  const served = services.find((service) => service.dns);
  const endpoints = dns
    .filter(({ namespace, service }) => namespace === served?.namespace && service === served.name)
    .reduce((sum, { ready }) => sum + ready, 0);
  const address = (node?: MapNode) => node?.addresses[0] ?? node?.name ?? "";
  const range = (node?: MapNode) => (rangeOf(node) === "" ? {} : { detail: rangeOf(node) });
  return [
    { id: "pod", column: 0, label: column("A pod", "一个 Pod"), ...range(one), verdict: pods },
    {
      id: "attach",
      column: 1,
      label: one?.name || column("Its node", "所在节点"),
      detail: attachment(setup),
      verdict: agents,
    },
    {
      id: "outside",
      column: 1,
      label: column("Outside of the cluster", "集群外部"),
      detail: column(`masqueraded as ${address(one)}`, `源地址伪装成 ${address(one)}`),
    },
    {
      id: "service",
      column: 2,
      label:
        short(ranges.services.map(({ text }) => text)) ||
        column("Service range not visible", "看不到 Service 网段"),
      detail: proxyWords(setup.proxy),
      verdict: markOf(
        findings,
        (finding) => finding.subject.name === "services" || finding.code === "two-service-proxies",
      ),
    },
    {
      id: "dns",
      column: 2,
      label: served ? `${served.namespace}/${served.name}` : column("No DNS Service", "没有 DNS Service"),
      detail: served
        ? column(`${served.ips[0]}, ${endpoints} ready`, `${served.ips[0]}，${endpoints} 个就绪端点`)
        : column("names do not resolve", "域名无法解析"),
      verdict: markOf(findings, has("dns-without-endpoints", "no-dns-service")),
    },
    {
      id: "carrier",
      column: 3,
      label: title,
      detail: carrierWords(setup.carrier),
      verdict: markOf(findings, has("plugin-not-ready", "range-mismatch")),
    },
    {
      id: "other",
      column: 4,
      label: other?.name || column("Another node", "另一个节点"),
      detail: address(other) || attachment(setup),
      verdict: agents,
    },
    { id: "target", column: 5, label: column("A pod there", "那边的 Pod"), ...range(other), verdict: pods },
  ];
}

export function pathPicture(drawn: Drawn): Picture {
  const { setup, findings } = drawn;
  const dns = markOf(findings, has("dns-without-endpoints", "no-dns-service"));
  const edges: PictureEdge[] = [
    { from: "pod", to: "attach" },
    { from: "attach", to: "service", label: column("to a Service", "访问 Service") },
    {
      from: "attach",
      to: "dns",
      label: column("DNS lookup", "查询域名"),
      ...(dns !== "pass" && { verdict: dns }),
    },
    { from: "pod", to: "outside", label: column("to the world", "访问外部") },
    { from: "service", to: "carrier", label: column("DNAT to a pod", "DNAT 到 Pod") },
    { from: "carrier", to: "other" },
    { from: "other", to: "target" },
  ];
  const plugin = setup.plugin?.title ?? "an unknown plugin";
  const pluginZh = setup.plugin?.title ?? "未识别的网络插件";
  const [proxy, carrier] = [proxyWords(setup.proxy), carrierWords(setup.carrier)];
  return {
    id: "packet-path",
    title: column("A packet's way in this cluster", "报文在这个集群里的路"),
    summary: column(
      `Network plugin: ${plugin}. Services: ${proxy.en}. From node to node: ${carrier.en}${setup.encrypted ? ", encrypted" : ""}.`,
      `网络插件：${pluginZh}。Service：${proxy["zh-CN"]}。跨节点：${carrier["zh-CN"]}${setup.encrypted ? "，已加密" : ""}。`,
    ),
    columns,
    nodes: pathNodes(drawn),
    edges,
  };
}
