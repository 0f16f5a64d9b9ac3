import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import {
  attachmentsMalformed,
  type CachedResult,
  type CniConfig,
  knownSandboxes,
  parseCachedResult,
  parseCniConfig,
  sandboxNeeds,
} from "../needs/cni.ts";
import { host } from "../needs/host.ts";
import { mergeNatRules, type NatRules, parseIptablesSave, parseNftRuleset } from "../needs/nat-rules.ts";
import { isUnread, optional } from "../needs/need.ts";
import { compare } from "../needs/owners.ts";

type ConfigFile = { path: string; value: CniConfig };

/** These forward host ports themselves, in their own data path, without portmap and its chains. */
const forwardsItself = new Set(["cilium-cni", "ovn-k8s-cni-overlay"]);

const fileName = (path: string) => path.split("/").at(-1) ?? path;

/** The runtime takes the first file by name and no other. */
function inUse(files: ConfigFile[]): ConfigFile | undefined {
  return files.toSorted((a, b) => compare(fileName(a.path), fileName(b.path)))[0];
}

function configFinding(machine: string, file: ConfigFile, used: boolean): Finding | undefined {
  const subject = { kind: "host", name: machine, part: file.path };
  if (file.value === null)
    return {
      verdict: "fail",
      code: "config-malformed",
      subject,
      message: {
        en: `${file.path} comes first by name and is no CNI configuration: the runtime cannot set up pod networks with it.`,
        "zh-CN": `按名称排在最前的 ${file.path} 不是有效的 CNI 配置：运行时无法用它建立 Pod 网络。`,
      },
      observed: "not a CNI configuration",
      expected: "JSON with a plugin list",
    };
  const portmap = file.value.plugins.find(({ type }) => type === "portmap");
  if (portmap?.portMappings) return undefined;
  const what: Text = portmap
    ? {
        en: "portmap is in the list but its capability portMappings is not switched on",
        "zh-CN": "portmap 在插件列表里，但没有打开 portMappings 能力",
      }
    : { en: "portmap is not in the plugin list", "zh-CN": "插件列表里没有 portmap" };
  return {
    verdict: used ? "fail" : "warn",
    code: portmap ? "portmap-not-enabled" : "portmap-missing",
    subject,
    message: {
      en: `${what.en}: host ports of pods on this node are ${used ? "asked for and silently ignored" : "silently ignored as soon as one asks for them"}.`,
      "zh-CN": `${what["zh-CN"]}：本节点上 Pod 的主机端口${used ? "有人申请,却被悄悄忽略" : "一旦有人申请就会被悄悄忽略"}。`,
    },
    observed: `plugins: ${file.value.plugins.map(({ type }) => type).join(", ")}`,
    expected: '{"type": "portmap", "capabilities": {"portMappings": true}}',
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Add the plugin entry shown as expected at the end of the list, in the place the network add-on generates this file from; then restart the pods that need it.",
          "zh-CN": "在网络插件生成该文件的源头，把“期望”里的条目加到列表末尾，然后重启需要它的 Pod。",
        },
      },
    ],
  };
}

function ruleFindings(machine: string, wanted: string[], rules: NonNullable<NatRules>): Finding[] {
  const subject: Subject = { kind: "host", name: machine };
  const findings: Finding[] = [];
  const missing = wanted.filter((port) => !rules.ports.includes(port));
  if (wanted.length > 0 && !rules.portmap)
    findings.push({
      verdict: "fail",
      code: "chains-missing",
      subject,
      message: {
        en: `Pods on this node asked for host port ${wanted.join(", ")}, but there is no CNI-HOSTPORT-DNAT chain: something flushed the rules, or they are in the other iptables back end.`,
        "zh-CN": `本节点上的 Pod 申请了主机端口 ${wanted.join("、")}，但没有 CNI-HOSTPORT-DNAT 链：规则被清空了，或在另一套 iptables 后端里。`,
      },
      observed: "no CNI-HOSTPORT-* chain",
      expected: `DNAT of ${wanted.join(", ")}`,
      remedy: [recreate],
    });
  else
    for (const port of missing)
      findings.push({
        verdict: "fail",
        code: "mapping-missing",
        subject: { ...subject, part: port },
        message: {
          en: `A running pod asked for host port ${port}; no rule forwards it.`,
          "zh-CN": `有运行中的 Pod 申请了主机端口 ${port}，但没有规则转发它。`,
        },
        observed: rules.ports.length > 0 ? `forwarded: ${rules.ports.join(", ")}` : "no port is forwarded",
        expected: `DNAT of ${port}`,
        remedy: [recreate],
      });
  if (rules.jumps[0] === "CNI-HOSTPORT-DNAT" && rules.jumps.includes("KUBE-SERVICES"))
    findings.push({
      verdict: "warn",
      code: "host-port-first",
      subject,
      message: {
        en: "CNI-HOSTPORT-DNAT comes before KUBE-SERVICES: a host port takes connections meant for a Service with the same port (CVE-2019-9946, portmap before 0.7.5).",
        "zh-CN":
          "CNI-HOSTPORT-DNAT 排在 KUBE-SERVICES 之前：主机端口会抢走同端口 Service 的连接（CVE-2019-9946,portmap 0.7.5 之前）。",
      },
      observed: rules.jumps.join(" → "),
      expected: "KUBE-SERVICES → CNI-HOSTPORT-DNAT",
    });
  return findings;
}

const recreate = {
  purpose: "fix" as const,
  text: {
    en: "Recreate the pod that asked for the port: the plugin writes its rules only when a pod's network is set up. Then find what removed them (firewalld reload, iptables -F, a change of back end).",
    "zh-CN":
      "重建申请该端口的 Pod：插件只在建立 Pod 网络时写规则。然后找出是什么删掉了它们（firewalld 重载、iptables -F、切换后端）。",
  },
};

const unreadRules = (machine: string, wanted: string[]): Finding => ({
  verdict: "unknown",
  code: "rules-unread",
  subject: { kind: "host", name: machine },
  message: {
    en: `The NAT rules could not be read: neither iptables-save nor nft gave an answer (not installed, or it needs root).${wanted.length > 0 ? ` Host ports asked for: ${wanted.join(", ")}.` : ""}`,
    "zh-CN": `读不到 NAT 规则：iptables-save 和 nft 都没有结果（没有安装，或需要 root）。${wanted.length > 0 ? `已申请的主机端口:${wanted.join("、")}。` : ""}`,
  },
  remedy: [
    {
      purpose: "inspect",
      text: { en: "Read them as root.", "zh-CN": "用 root 读取。" },
      command: "sudo iptables-save -t nat | grep CNI-",
    },
  ],
});

/**
 * Subject: the host; part: the configuration file or the port.
 * Codes: config-malformed (fail), portmap-missing and portmap-not-enabled (fail where a pod asks for a host port, else
 * warn), chains-missing (fail), mapping-missing (fail, one per port), host-port-first (warn), rules-unread and
 * attachments-malformed (unknown).
 * Which ports pods ask for is in libcni's cache; entries of sandboxes that no longer exist do not count.
 */
export const check = defineCheck({
  id: "host/host-port-chains",
  version: 2,
  title: { en: "Host port plumbing on the node", "zh-CN": "节点上的主机端口规则" },
  why: {
    en: "A host port exists only as a NAT rule that the portmap plugin wrote once, when the pod's network was set up. Without the plugin, or after a flush, the pod looks healthy and nobody reaches it.",
    "zh-CN":
      "主机端口只是一条 NAT 规则，由 portmap 插件在建立 Pod 网络时写入一次。没有这个插件，或规则被清空后，Pod 看起来一切正常，却没人能访问到。",
  },
  remedy: {
    en: "Enable portmap with the portMappings capability, and recreate the pods whose rules are gone.",
    "zh-CN": "启用带 portMappings 能力的 portmap，并重建规则已丢失的 Pod。",
  },
  params: z.object({}),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    lists: host.glob("/etc/cni/net.d/*.conflist", parseCniConfig),
    single: host.glob("/etc/cni/net.d/*.conf", parseCniConfig),
    plain: host.glob("/etc/cni/net.d/*.json", parseCniConfig),
    attachments: host.glob("/var/lib/cni/results/*", parseCachedResult),
    iptables: optional(host.command(["iptables-save", "-t", "nat"], parseIptablesSave)),
    nft: optional(host.command(["nft", "list", "ruleset"], parseNftRuleset)),
    ...sandboxNeeds,
  },
  judge: ({ machine, lists, single, plain, attachments, iptables, nft, ...sandboxes }) => {
    const file = inUse([...lists, ...single, ...plain]);
    if (!file) return { skip: { what: "no CNI configuration in /etc/cni/net.d: no Kubernetes node" } };
    const own = file.value?.plugins.find(({ type }) => forwardsItself.has(type));
    if (own) return { skip: { what: `${own.type} forwards host ports itself`, detail: file.path } };
    const wanted = wantedPorts(
      attachments.map(({ value }) => value),
      knownSandboxes(sandboxes),
    );
    const rules = mergeNatRules([isUnread(iptables) ? null : iptables, isUnread(nft) ? null : nft]);
    const configured = configFinding(machine, file, wanted.length > 0);
    const findings = [...(configured ? [configured] : []), ...attachmentsMalformed(machine, attachments)];
    // Without the plugin there are no chains to miss.
    if (rules === null) findings.push(unreadRules(machine, wanted));
    else findings.push(...ruleFindings(machine, configured ? [] : wanted, rules));
    return {
      findings,
      measurements: [{ name: "host-ports-asked-for", value: wanted.length, unit: "{ports}" }],
    };
  },
});

function wantedPorts(attachments: CachedResult[], known: Set<string> | null): string[] {
  const live = attachments.filter((one) => one !== null).filter(({ sandbox }) => known?.has(sandbox) ?? true);
  const ports = live.flatMap(({ hostPorts }) => hostPorts.map(({ port, protocol }) => `${port}/${protocol}`));
  return [...new Set(ports)].sort(compare);
}
