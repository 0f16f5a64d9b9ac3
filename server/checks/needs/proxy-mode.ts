import type { DaemonSet } from "kubernetes-types/apps/v1.d.ts";
import type { Node } from "kubernetes-types/core/v1.d.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import { parseVersion } from "#common/kubernetes/version.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { ProxyConfig } from "./network-config.ts";
import { affectedPods, compare } from "./owners.ts";

/** What follows from the way in which kube-proxy handles Services. */

export type NodeKernel = { name: string; kernel: string; system: string };

export function pickNodeKernel({ metadata, status }: Node): NodeKernel {
  return {
    name: metadata?.name ?? "",
    kernel: status?.nodeInfo?.kernelVersion ?? "",
    system: status?.nodeInfo?.operatingSystem ?? "linux",
  };
}

export type Announcer = { namespace: string; name: string };

/** Who announces addresses of load balancers by ARP: MetalLB's speaker, kube-vip, PureLB. */
export function pickAnnouncer({ metadata, spec }: DaemonSet): Announcer | undefined {
  const images = (spec?.template.spec?.containers ?? []).flatMap(({ image }) => image ?? []);
  const isOne = images.some((image) =>
    /(^|\/)(metallb\/speaker|kube-vip|purelb\/lbnodeagent)(:|@|$)/.test(image),
  );
  return isOne ? { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" } : undefined;
}

const subject: Subject = { kind: "ConfigMap", namespace: "kube-system", name: "kube-proxy" };

const edit: RemedyStep[] = [
  {
    purpose: "fix",
    text: {
      en: "Change it in the configuration, then restart kube-proxy node by node: a DaemonSet does not follow its ConfigMap.",
      "zh-CN": "修改配置，再逐个节点重启 kube-proxy：DaemonSet 不会跟着 ConfigMap 变。",
    },
    command: [
      "kubectl --namespace kube-system edit configmap kube-proxy",
      "kubectl --namespace kube-system rollout restart daemonset kube-proxy",
    ].join("\n"),
  },
];

const known = ["", "iptables", "ipvs", "nftables", "kernelspace"];

export function modeProblem({ mode }: ProxyConfig): Finding[] {
  if (known.includes(mode)) return [];
  const isOld = mode === "userspace";
  return [
    {
      verdict: "fail",
      code: "mode-not-known",
      subject,
      message: isOld
        ? {
            en: "kube-proxy is told to work in mode userspace, which left Kubernetes in 1.26: it does not start.",
            "zh-CN": "kube-proxy 配置的是 userspace 模式，它在 1.26 已被移除：kube-proxy 起不来。",
          }
        : {
            en: `kube-proxy is told to work in mode "${mode}", which does not exist: it does not start after its next restart.`,
            "zh-CN": `kube-proxy 配置的模式是 "${mode}"，没有这种模式：下次重启后它就起不来了。`,
          },
      observed: `mode: ${mode}`,
      expected: { en: "iptables, nftables or ipvs", "zh-CN": "iptables、nftables 或 ipvs" },
      remedy: edit,
    },
  ];
}

/** From 1.35 on IPVS mode is deprecated; from 1.33 on there is something to move to. */
export function ipvsProblems(
  config: ProxyConfig,
  announcers: readonly Announcer[],
  server: string,
): Finding[] {
  if (config.mode !== "ipvs") return [];
  const { minor = 0 } = parseVersion(server) ?? {};
  const findings: Finding[] = [];
  const [announcer] = announcers.toSorted((a, b) => compare(a.name, b.name));
  if (minor >= 33)
    findings.push({
      verdict: "warn",
      code: "ipvs-on-its-way-out",
      subject,
      message: {
        en: `kube-proxy works in IPVS mode, which ${minor >= 35 ? "is" : "will be"} deprecated ${minor >= 35 ? "since" : "in"} 1.35; nftables mode is stable since 1.33 and takes its place.`,
        "zh-CN": `kube-proxy 用的是 IPVS 模式，它在 1.35 ${minor >= 35 ? "已被" : "将被"}弃用；nftables 模式从 1.33 起正式可用，用来接替它。`,
      },
      observed: `mode: ipvs, server ${server}`,
      expected: "mode: nftables",
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "nftables mode wants Linux 5.13 or newer on every node.",
            "zh-CN": "nftables 模式要求每个节点的内核不低于 5.13。",
          },
          command: shellCommand("kubectl", "get", "nodes", "--output", "wide"),
        },
        ...edit,
      ],
    });
  if (!config.strictARP && announcer)
    findings.push({
      verdict: "fail",
      code: "strict-arp-off",
      subject,
      message: {
        en: `IPVS mode binds the addresses of load balancers to every node, and without strictARP every node answers ARP for them; ${announcer.namespace}/${announcer.name} announces them from one. Clients reach whichever answers first.`,
        "zh-CN": `IPVS 模式会把负载均衡地址绑到每个节点上，没有 strictARP 时所有节点都会应答 ARP；而 ${announcer.namespace}/${announcer.name} 只打算从一个节点宣告。客户端连到的是最先应答的那个。`,
      },
      observed: "strictARP: false",
      expected: "strictARP: true",
      remedy: edit,
    });
  return findings;
}

function isOlder(kernel: string, major: number, minor: number): boolean {
  const [, a = "", b = ""] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  return a !== "" && (Number(a) < major || (Number(a) === major && Number(b) < minor));
}

export function oldKernels({ mode }: ProxyConfig, nodes: readonly NodeKernel[]): Finding[] {
  if (mode !== "nftables") return [];
  const old = nodes.filter(({ kernel, system }) => system === "linux" && isOlder(kernel, 5, 13));
  const [first] = old.toSorted((a, b) => compare(a.name, b.name));
  if (!first) return [];
  const names = affectedPods(old.map(({ name }) => ({ namespace: "", name })));
  return [
    {
      verdict: "fail",
      code: "kernel-too-old",
      subject,
      affected: { count: names.count, sample: names.sample.map(({ name }) => ({ kind: "Node", name })) },
      message: {
        en: `nftables mode wants Linux 5.13, and ${old.length === 1 ? "1 node has" : `${old.length} nodes have`} less, ${first.name} with ${first.kernel}: kube-proxy does not start there.`,
        "zh-CN": `nftables 模式要求内核 5.13，而有 ${old.length} 个节点低于它，例如 ${first.name} 是 ${first.kernel}：kube-proxy 在上面起不来。`,
      },
      observed: first.kernel,
      expected: { en: "5.13 or newer", "zh-CN": "5.13 或更新" },
      remedy: edit,
    },
  ];
}

export function manyServices({ mode }: ProxyConfig, services: number, most: number): Finding[] {
  if ((mode !== "" && mode !== "iptables") || services <= most) return [];
  return [
    {
      verdict: "warn",
      code: "many-services-for-iptables",
      subject,
      message: {
        en: `${services} Services in iptables mode: the first packet of a connection walks a list of them, and each change of an endpoint rewrites a long table.`,
        "zh-CN": `iptables 模式下有 ${services} 个 Service：每个连接的首包要走一遍列表，端点每变一次都要改写一张很长的表。`,
      },
      observed: { en: `${services} Services`, "zh-CN": `${services} 个 Service` },
      expected: {
        en: `at most ${most}, or mode nftables`,
        "zh-CN": `不超过 ${most} 个，或改用 nftables 模式`,
      },
      remedy: edit,
    },
  ];
}
