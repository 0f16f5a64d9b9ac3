import { z } from "zod";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { compare } from "../needs/owners.ts";
import { param } from "../needs/param.ts";
import {
  hasTrackingBug,
  type KernelNode,
  type ProxyConntrack,
  pickKernelNode,
  pickProxyConntrack,
  pickProxyMinor,
  tableSize,
} from "../needs/proxy-conntrack.ts";

const place = { namespace: "kube-system", name: "kube-proxy" };
const subject = { kind: "ConfigMap", ...place };

/** Since 1.15 kube-proxy drops INVALID packets on their way to pods, in iptables mode alone. */
const dropsSinceMinor = 15;

function edit(what: { en: string; "zh-CN": string }): RemedyStep[] {
  const words = ["--namespace", place.namespace];
  return [
    {
      purpose: "fix",
      text: what,
      command: shellCommand("kubectl", "edit", "configmap", place.name, ...words),
    },
    {
      purpose: "fix",
      text: {
        en: "kube-proxy reads its configuration when it starts: restart it, node by node.",
        "zh-CN": "kube-proxy 只在启动时读取配置：逐个节点重启它。",
      },
      command: shellCommand("kubectl", "rollout", "restart", "daemonset/kube-proxy", ...words),
    },
  ];
}

function affected(nodes: readonly KernelNode[]): Finding["affected"] {
  const sorted = nodes.toSorted((a, b) => compare(a.name, b.name));
  return { count: nodes.length, sample: sorted.slice(0, 50).map(({ name }) => ({ kind: "Node", name })) };
}

function notDropped(config: ProxyConntrack, minor: number | null, nodes: readonly KernelNode[]): Finding[] {
  const old = nodes.filter(hasTrackingBug);
  const iptables = config.mode === "" || config.mode === "iptables";
  const tooOld = iptables && minor !== null && minor < dropsSinceMinor;
  if (old.length === 0 || config.beLiberal || (iptables && !tooOld)) return [];
  const kernels = [...new Set(old.map(({ kernel }) => kernel))].sort(compare).slice(0, 3).join(", ");
  const why = tooOld
    ? { en: `kube-proxy 1.${minor} does not yet drop`, "zh-CN": `kube-proxy 1.${minor} 还不会丢弃` }
    : {
        en: `kube-proxy in ${config.mode} mode does not drop`,
        "zh-CN": `${config.mode} 模式的 kube-proxy 不会丢弃`,
      };
  return [
    {
      verdict: "warn",
      code: "invalid-not-dropped",
      subject,
      affected: affected(old),
      message: {
        en: `${why.en} INVALID packets, and ${old.length} node(s) run a kernel before 6.1 (${kernels}), whose connection tracking makes such packets of connections that are in order. Long-lived connections to Services end with "connection reset by peer" now and then.`,
        "zh-CN": `${why["zh-CN"]} INVALID 包，而有 ${old.length} 个节点的内核早于 6.1（${kernels}），其连接跟踪会把正常连接的包也判成 INVALID。到 Service 的长连接会时不时报 connection reset by peer。`,
      },
      observed: `mode: ${config.mode || "iptables"}, tcpBeLiberal: ${config.beLiberal}`,
      expected: {
        en: "conntrack.tcpBeLiberal: true, or a kernel from 6.1 on",
        "zh-CN": "conntrack.tcpBeLiberal: true，或 6.1 及以上的内核",
      },
      remedy: [
        ...edit({
          en: "Set conntrack.tcpBeLiberal to true (since 1.29): only resets outside of the window are INVALID then. Better still, give those nodes a newer kernel.",
          "zh-CN":
            "把 conntrack.tcpBeLiberal 设为 true（1.29 起支持）：此后只有窗口外的 RST 才算 INVALID。更好的办法是给这些节点换新内核。",
        }),
        {
          purpose: "verify",
          text: { en: "On such a node the answer is 1.", "zh-CN": "在这样的节点上，结果应为 1。" },
          command: shellCommand("sysctl", "--values", "net.netfilter.nf_conntrack_tcp_be_liberal"),
        },
      ],
    },
  ];
}

function smallTable(config: ProxyConntrack, nodes: readonly KernelNode[], least: number): Finding[] {
  const small = nodes.filter((node) => (tableSize(config, node) ?? Infinity) < least);
  const sizes = small.map((node) => tableSize(config, node) ?? 0);
  if (small.length === 0) return [];
  const smallest = Math.min(...sizes);
  return [
    {
      verdict: "warn",
      code: "small-table",
      subject,
      affected: affected(small),
      message: {
        en: `kube-proxy sizes the table of connections to ${smallest} entries on its smallest of ${small.length} node(s). A full table drops new connections, and looks like a network that loses packets.`,
        "zh-CN": `按 kube-proxy 的设置，${small.length} 个节点中最小的连接表只有 ${smallest} 项。表满之后新连接会被丢弃，看起来就像网络在丢包。`,
      },
      observed: `maxPerCore: ${config.maxPerCore}, min: ${config.min}`,
      expected: { en: `at least ${least} entries per node`, "zh-CN": `每个节点至少 ${least} 条` },
      remedy: edit({
        en: "Raise conntrack.maxPerCore and conntrack.min, or take them out: the defaults are 32768 per core and 131072 at least.",
        "zh-CN": "调大 conntrack.maxPerCore 和 conntrack.min，或删掉它们：默认每核 32768，最少 131072。",
      }),
    },
  ];
}

/**
 * Subject: the ConfigMap of kube-proxy; affected: the nodes. Codes (both warn): invalid-not-dropped (a mode or a version
 * without the DROP rule, tcpBeLiberal off, and nodes with a kernel before 6.1), small-table (the configured table of
 * connections is below the parameter). Skipped where no kube-proxy is configured by that ConfigMap.
 */
export const check = defineCheck({
  id: "kubernetes/conntrack-invalid-packets",
  version: 1,
  title: { en: "kube-proxy and INVALID packets", "zh-CN": "kube-proxy 如何对待 INVALID 包" },
  why: {
    en: "A packet that connection tracking calls INVALID is not translated back, and the node answers it with a reset. Whether kube-proxy prevents that depends on its mode, its version and one setting.",
    "zh-CN":
      "被连接跟踪判为 INVALID 的包不会做反向转换，节点会用 RST 回应它。kube-proxy 能否避免，取决于它的模式、版本和一项设置。",
  },
  remedy: {
    en: "Use a kernel from 6.1 on, or switch on conntrack.tcpBeLiberal where the mode brings no rule of its own.",
    "zh-CN": "使用 6.1 及以上内核；模式本身不带丢弃规则时，打开 conntrack.tcpBeLiberal。",
  },
  params: z.object({
    leastTableEntries: param(z.number().int().min(1024).max(10_000_000).default(65_536), {
      label: { en: "Least entries of a node's table", "zh-CN": "节点连接表的最少项数" },
    }),
  }),
  needs: {
    config: kubernetes.get(kinds.ConfigMap, place, pickProxyConntrack),
    minor: optional(kubernetes.get(kinds.DaemonSet, place, pickProxyMinor)),
    nodes: kubernetes.list(kinds.Node, pickKernelNode),
  },
  judge: ({ config, minor, nodes }, { leastTableEntries }) => {
    if (config === null)
      return {
        skip: {
          what: "ConfigMap kube-system/kube-proxy",
          detail: "not there, or no configuration of kube-proxy: something else handles Services here",
        },
      };
    const known = isUnread(minor) ? null : minor;
    return {
      findings: [...notDropped(config, known, nodes), ...smallTable(config, nodes, leastTableEntries)],
      measurements: [
        {
          name: "nodes-with-tracking-bug",
          value: nodes.filter(hasTrackingBug).length,
          unit: "{nodes}",
        },
      ],
    };
  },
});
