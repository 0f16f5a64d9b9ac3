import type { Finding, Subject } from "#common/result.ts";
import type { FamilyRules, NatRules } from "./nat-rules.ts";

/** What pods asked for against what the node's rules forward. */
export function ruleFindings(machine: string, wanted: string[], rules: NonNullable<NatRules>): Finding[] {
  const subject: Subject = { kind: "host", name: machine };
  const findings: Finding[] = [];
  const { ip6 } = rules;
  const forwarded = [...new Set([...rules.ports, ...(ip6?.ports ?? [])])];
  const missing = wanted.filter((port) => !forwarded.includes(port));
  if (wanted.length > 0 && !rules.portmap && !ip6?.portmap)
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
        observed: forwarded.length > 0 ? `forwarded: ${forwarded.join(", ")}` : "no port is forwarded",
        expected: `DNAT of ${port}`,
        remedy: [recreate],
      });
  const [jumpless] = rules.own ? [] : withoutJump(wanted, rules);
  if (jumpless) findings.push(jumpMissing(subject, jumpless));
  const before = [rules, ip6].find(
    (one) => one?.jumps[0] === "CNI-HOSTPORT-DNAT" && one.jumps.includes("KUBE-SERVICES"),
  );
  if (before)
    findings.push({
      verdict: "warn",
      code: "host-port-first",
      subject,
      message: {
        en: "CNI-HOSTPORT-DNAT comes before KUBE-SERVICES: a host port takes connections meant for a Service with the same port (CVE-2019-9946, portmap before 0.7.5).",
        "zh-CN":
          "CNI-HOSTPORT-DNAT 排在 KUBE-SERVICES 之前：主机端口会抢走同端口 Service 的连接（CVE-2019-9946，portmap 0.7.5 之前）。",
      },
      observed: before.jumps.join(" → "),
      expected: "KUBE-SERVICES → CNI-HOSTPORT-DNAT",
    });
  return findings;
}

type Jumpless = { family: "IPv4" | "IPv6"; ports: string[] };

/** Families whose chain nothing leads to. One of IPv6 counts where it forwards what a pod asked for. */
function withoutJump(wanted: string[], { ip6, ...ip4 }: NonNullable<NatRules>): Jumpless[] {
  const isLost = ({ portmap, jumps }: FamilyRules) => portmap && !jumps.includes("CNI-HOSTPORT-DNAT");
  const inIp6 = wanted.filter((port) => ip6?.ports.includes(port));
  return [
    ...(wanted.length > 0 && isLost(ip4) ? [{ family: "IPv4" as const, ports: wanted }] : []),
    ...(inIp6.length > 0 && ip6 && isLost(ip6) ? [{ family: "IPv6" as const, ports: inIp6 }] : []),
  ];
}

function jumpMissing(subject: Subject, { family, ports }: Jumpless): Finding {
  return {
    verdict: "fail",
    code: "jump-missing",
    subject,
    message: {
      en: `The chain CNI-HOSTPORT-DNAT is there, but nothing in PREROUTING leads to it: host port ${ports.join(", ")} is not forwarded over ${family}.`,
      "zh-CN": `CNI-HOSTPORT-DNAT 链还在，但 PREROUTING 里没有规则跳转过去：主机端口 ${ports.join("、")} 的 ${family} 流量没有转发。`,
    },
    observed: { en: `no jump in PREROUTING (${family})`, "zh-CN": `PREROUTING 里没有跳转（${family}）` },
    expected: "-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
    remedy: [recreate],
  };
}

const recreate = {
  purpose: "fix" as const,
  text: {
    en: "Recreate the pod that asked for the port: the plugin writes its rules only when a pod's network is set up. Then find what removed them (firewalld reload, iptables -F, a change of back end).",
    "zh-CN":
      "重建申请该端口的 Pod：插件只在建立 Pod 网络时写规则。然后找出是什么删掉了它们（firewalld 重载、iptables -F、切换后端）。",
  },
};

export const unreadRules = (machine: string, wanted: string[]): Finding => ({
  verdict: "unknown",
  code: "rules-unread",
  subject: { kind: "host", name: machine },
  message: {
    en: `The NAT rules could not be read: neither iptables-save nor nft gave an answer (not installed, or it needs root).${wanted.length > 0 ? ` Host ports asked for: ${wanted.join(", ")}.` : ""}`,
    "zh-CN": `读不到 NAT 规则：iptables-save 和 nft 都没有结果（没有安装，或需要 root）。${wanted.length > 0 ? `已申请的主机端口：${wanted.join("、")}。` : ""}`,
  },
  remedy: [
    {
      purpose: "inspect",
      text: { en: "Read them as root.", "zh-CN": "用 root 读取。" },
      command: "sudo iptables-save -t nat | grep CNI-",
    },
  ],
});
