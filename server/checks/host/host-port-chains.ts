import { z } from "zod";
import type { Finding } from "#common/result.ts";
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
import { ruleFindings, unreadRules } from "../needs/host-port-rules.ts";
import { mergeNatRules, parseIptablesSave, parseNftRuleset } from "../needs/nat-rules.ts";
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

/**
 * Subject: the host; part: the configuration file or the port.
 * Codes: config-malformed (fail), portmap-missing and portmap-not-enabled (fail where a pod asks for a host port, else
 * warn), chains-missing and jump-missing (fail), mapping-missing (fail, one per port), host-port-first
 * (warn), rules-unread and attachments-malformed (unknown).
 * Which ports pods ask for is in libcni's cache; entries of sandboxes that no longer exist do not count.
 */
export const check = defineCheck({
  id: "host/host-port-chains",
  version: 4,
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
