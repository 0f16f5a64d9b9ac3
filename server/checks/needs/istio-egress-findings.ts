import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import type { CapturePod, Entry, TargetedService } from "./istio-capture.ts";
import type { HeadlessRule } from "./istio-headless.ts";
import { fullHost, hostsMeet } from "./istio-hosts.ts";
import type { MeshConfig } from "./istio-mesh-config.ts";
import { carries } from "./istio-registry.ts";
import type { Gateway } from "./istio-routing.ts";

/** What leaves and enters the mesh: entries for the outside, and gateways that nothing leads to. */

const edit = (kind: string, { namespace, name }: { namespace: string; name: string }) =>
  shellCommand("kubectl", "edit", `${kind}.networking.istio.io`, name, "--namespace", namespace);

/** Somebody begins TLS for what programs send in plain text. */
function originates({ namespace, hosts }: Entry, rules: readonly HeadlessRule[]): boolean {
  return rules.some(
    ({ host, tls, namespace: own }) =>
      hosts.some((one) => hostsMeet(fullHost(host, own), fullHost(one, namespace))) &&
      Object.values(tls).some((mode) => mode === "SIMPLE" || mode === "MUTUAL"),
  );
}

export function entryFindings(entries: readonly Entry[], rules: readonly HeadlessRule[]): Finding[] {
  return entries.flatMap((entry): Finding[] => {
    const { namespace, name, hosts, open } = entry;
    const subject = { kind: "ServiceEntry", namespace, name };
    const mistaken = open.filter(({ number, protocol }) => number === 443 && protocol === "HTTP");
    const bare = entry.addresses ? [] : open.filter(({ protocol }) => protocol === "TCP");
    const found: Finding[] = [];
    if (mistaken.length > 0 && !originates(entry, rules))
      found.push({
        verdict: "fail",
        code: "https-as-http",
        subject,
        message: {
          en: `${hosts.join(", ")}: port 443 is declared as HTTP. Programs speak TLS there, which the proxy then cannot parse: it answers 400 or closes.`,
          "zh-CN": `${hosts.join("、")}：443 端口声明成了 HTTP。程序在这里说的是 TLS，代理解析不了，会返回 400 或断开。`,
        },
        observed: { en: "443, protocol HTTP, no TLS origination", "zh-CN": "443，协议 HTTP，没有 TLS 发起" },
        expected: { en: "protocol TLS or HTTPS", "zh-CN": "协议 TLS 或 HTTPS" },
        remedy: [
          {
            purpose: "fix",
            text: {
              en: "Declare it as TLS; the proxy then goes by the server name.",
              "zh-CN": "声明为 TLS，代理就会按服务器名字转发。",
            },
            command: edit("serviceentries", entry),
          },
        ],
      });
    if (bare.length > 0)
      found.push({
        verdict: "warn",
        code: "tcp-without-address",
        subject,
        message: {
          en: `${hosts.join(", ")}: TCP port ${bare.map(({ number }) => number).join(", ")} has no address to tell it by, so the proxies that know this entry send every unknown connection to that port there.`,
          "zh-CN": `${hosts.join("、")}：TCP 端口 ${bare.map(({ number }) => number).join("、")} 没有可供区分的地址，知道这个条目的代理会把发往该端口的所有未知连接都送到那里。`,
        },
        observed: { en: "protocol TCP, no addresses", "zh-CN": "协议 TCP，没有 addresses" },
        expected: {
          en: "spec.addresses, or protocol TLS where the server name tells",
          "zh-CN": "写上 spec.addresses；能靠服务器名区分时用协议 TLS",
        },
        remedy: [
          {
            purpose: "fix",
            text: {
              en: "Give the addresses, or a virtual one with DNS capture on.",
              "zh-CN": "写上地址；开启 DNS 代理时也可以用一个虚拟地址。",
            },
            command: edit("serviceentries", entry),
          },
        ],
      });
    return found;
  });
}

export function closedMesh(mesh: MeshConfig | null, entries: readonly Entry[]): Finding[] {
  if (mesh?.outbound !== "REGISTRY_ONLY" || entries.length > 0) return [];
  return [
    {
      verdict: "warn",
      code: "registry-only-without-entries",
      subject: { kind: "ConfigMap", namespace: mesh.namespace, name: mesh.name },
      message: {
        en: "Only registered destinations are let out, and no ServiceEntry registers any: nothing outside the cluster can be called from the mesh.",
        "zh-CN": "只放行已登记的目的地，而没有任何 ServiceEntry：网格内访问不了集群之外的任何地方。",
      },
      observed: {
        en: "outboundTrafficPolicy REGISTRY_ONLY, 0 ServiceEntries",
        "zh-CN": "outboundTrafficPolicy REGISTRY_ONLY，0 个 ServiceEntry",
      },
      expected: { en: "an entry for each destination outside", "zh-CN": "每个外部目的地一个条目" },
    },
  ];
}

/** A listener is opened at the target of the Service's port; without a Service that has it, nobody gets there. */
export function gatewayPorts(
  gateways: readonly Gateway[],
  pods: readonly Pick<CapturePod, "namespace" | "labels">[],
  services: readonly TargetedService[],
): Finding[] {
  return gateways.flatMap((gateway): Finding[] => {
    const behind = pods.filter(({ labels }) => carries(labels, gateway.selector));
    if (behind.length === 0) return [];
    const leading = services.filter(
      ({ namespace, selector }) =>
        selector !== null &&
        behind.some((pod) => pod.namespace === namespace && carries(pod.labels, selector)),
    );
    const offered = new Set(leading.flatMap(({ ports }) => ports.map(({ port }) => port)));
    const missing = [...new Set(gateway.servers.flatMap(({ port }) => port ?? []))].filter(
      (port) => !offered.has(port),
    );
    const [first] = leading;
    if (missing.length === 0 || !first) return [];
    return [
      {
        verdict: "fail",
        code: "gateway-port-without-service",
        subject: { kind: "Gateway", namespace: gateway.namespace, name: gateway.name },
        message: {
          en: `Gateway ${gateway.name} opens port ${missing.join(", ")}, which no Service in front of the gateway's pods has: nothing from outside gets there.`,
          "zh-CN": `Gateway ${gateway.name} 开了端口 ${missing.join("、")}，但网关 Pod 前面的 Service 都没有这个端口：外面的流量到不了。`,
        },
        observed: {
          en: `Services offer ${[...offered].sort((a, b) => a - b).join(", ")}`,
          "zh-CN": `Service 提供 ${[...offered].sort((a, b) => a - b).join("、")}`,
        },
        expected: {
          en: `port ${missing.join(", ")} on Service ${first.namespace}/${first.name}`,
          "zh-CN": `Service ${first.namespace}/${first.name} 带有端口 ${missing.join("、")}`,
        },
        remedy: [
          {
            purpose: "fix",
            text: {
              en: "Add the port to the Service, where the gateway is installed from.",
              "zh-CN": "在安装网关的配置里给 Service 加上这个端口。",
            },
            command: shellCommand("kubectl", "edit", "service", first.name, "--namespace", first.namespace),
          },
        ],
      },
    ];
  });
}
