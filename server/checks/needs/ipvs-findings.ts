import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { comesBack, type IpSets, type ReturnRules } from "./ipvs-return.ts";
import type { VirtualServer } from "./ipvs-table.ts";
import { isUnread, type Unread } from "./need.ts";

const subjectOf = (machine: string, part: string): Subject => ({ kind: "host", name: machine, part });
const schedulers = ["ip_vs_rr", "ip_vs_wrr", "ip_vs_sh"];

const fix = (text: Text, command: string): RemedyStep => ({ purpose: "fix", text, command });
type Modules = { loaded: string[] | Unread; wanted: string[]; live: boolean };

export function moduleFindings(machine: string, { loaded, wanted, live }: Modules): Finding[] {
  if (!live) {
    const message = {
      en: "ip_vs is to be loaded at start but is not there: no virtual server answers.",
      "zh-CN": "ip_vs 已配置为开机加载，但并没有加载：所有虚拟服务都不会应答。",
    };
    const remedy = [
      fix(
        { en: "Load it, and read why it failed", "zh-CN": "加载模块，并查看失败原因" },
        "sudo modprobe ip_vs",
      ),
    ];
    const expected = [...new Set(wanted)].join(", ");
    const rest = { observed: "not loaded", expected, remedy };
    return [
      { verdict: "fail", code: "module-not-loaded", subject: subjectOf(machine, "ip_vs"), message, ...rest },
    ];
  }
  // A table without a module of that name: IPVS is built into this kernel, its schedulers most likely too.
  if (isUnread(loaded) || !loaded.includes("ip_vs")) return [];
  const missing = schedulers.filter((name) => !loaded.includes(name));
  if (missing.length === 0) {
    const message = { en: "IPVS and its schedulers are loaded.", "zh-CN": "IPVS 及其调度器模块均已加载。" };
    const subject = subjectOf(machine, "ip_vs");
    return [{ verdict: "pass", code: "modules-loaded", subject, message, observed: loaded.join(", ") }];
  }
  return missing.map((name) => ({
    verdict: "warn",
    code: "scheduler-not-loaded",
    subject: subjectOf(machine, name),
    message: {
      en: `${name} is not loaded: a virtual server with that scheduler cannot be made where modules may not be loaded on demand.`,
      "zh-CN": `${name} 没有加载：在不允许按需加载模块的机器上，无法创建使用该调度器的虚拟服务。`,
    },
    observed: loaded.join(", "),
    expected: name,
    remedy: [
      fix(
        { en: "Load it now and at every start", "zh-CN": "立即加载，并设为开机加载" },
        `sudo modprobe ${name} && echo ${name} | sudo tee -a /etc/modules-load.d/ipvs.conf`,
      ),
    ],
  }));
}

export function virtualFinding(machine: string, { name, servers, scheduler }: VirtualServer): Finding {
  const subject = subjectOf(machine, name);
  const able = servers.filter(({ weight }) => weight > 0).length;
  const observed = `${able} of ${servers.length} real servers with a weight above 0`;
  if (able > 0) {
    const message = {
      en: `${name} (${scheduler}) has ${able} real ${able === 1 ? "server" : "servers"} to choose from.`,
      "zh-CN": `${name}（${scheduler}）有 ${able} 个可选的真实服务器。`,
    };
    return { verdict: "pass", code: "has-real-servers", subject, message, observed };
  }
  const drained = servers.length > 0;
  return {
    verdict: "fail",
    code: drained ? "all-drained" : "no-real-server",
    subject,
    message: drained
      ? {
          en: `All ${servers.length} real servers of ${name} have weight 0: new connections are refused.`,
          "zh-CN": `${name} 的 ${servers.length} 个真实服务器权重都是 0：新连接会被拒绝。`,
        }
      : {
          en: `${name} has no real server: connections are refused.`,
          "zh-CN": `${name} 没有任何真实服务器：连接会被拒绝。`,
        },
    observed,
    expected: "≥ 1",
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See what is behind it", "zh-CN": "查看它的后端" },
        command: inspectCommand(name),
      },
    ],
  };
}

function inspectCommand(name: string): string {
  const [protocol = "", place = ""] = name.split(" ");
  const flag = { tcp: "-t", udp: "-u", sctp: "--sctp-service", fwm: "-f" }[protocol] ?? "-t";
  return shellCommand("sudo", "ipvsadm", "-Ln", flag, place);
}

type Way = { rules: ReturnRules | Unread; sets: IpSets | Unread };

/** One finding for all virtual servers whose replies find no way back, so that a node of thousands stays readable. */
export function returnFindings(machine: string, table: VirtualServer[], { rules, sets }: Way): Finding[] {
  const masked = table.filter(
    ({ address, servers }) =>
      address !== null && !address.includes(":") && servers.some(({ forward }) => forward === "Masq"),
  );
  if (masked.length === 0) return [];
  const subject = subjectOf(machine, "nat");
  const known = isUnread(rules) || rules === null ? null : rules;
  const members = isUnread(sets) ? null : sets;
  const told = masked.map((one) => ({ one, back: known ? comesBack(one, known, members) : null }));
  const lost = told.filter(({ back }) => back === false).map(({ one }) => one.name);
  if (lost.length > 0) return [noWay(subject, lost)];
  if (told.some(({ back }) => back === null))
    return [wayUnread(subject, known ? "ipset save" : "iptables-save -t nat")];
  const message = {
    en: `Replies of all ${masked.length} masqueraded virtual servers come back through this host.`,
    "zh-CN": `${masked.length} 个 NAT 模式虚拟服务的回包都会经本机返回。`,
  };
  return [{ verdict: "pass", code: "return-path", subject, message }];
}

function noWay(subject: Subject, lost: string[]): Finding {
  const shown = lost.slice(0, 5).join(", ");
  const more = lost.length > 5 ? ` … (${lost.length})` : "";
  const [, place = ""] = lost[0]?.split(" ") ?? [];
  const [address = "", port = ""] = place.split(":");
  return {
    verdict: "warn",
    code: "no-return-path",
    subject,
    affected: { count: lost.length, sample: lost.slice(0, 50).map((part) => ({ ...subject, part })) },
    message: {
      en: `No rule masquerades ${shown}${more}: replies come back only if this host is the default gateway of the real servers.`,
      "zh-CN": `没有规则对 ${shown}${more} 做 SNAT：只有本机是真实服务器的默认网关时，回包才会经过这里。`,
    },
    observed: "no MASQUERADE by ipvs match, no mark by set membership",
    expected: "MASQUERADE",
    remedy: [
      fix(
        { en: "Masquerade it by the ipvs match", "zh-CN": "用 ipvs 匹配做 SNAT" },
        shellCommand(
          ...["sudo", "iptables", "-t", "nat", "-A", "POSTROUTING", "-m", "ipvs"],
          ...["--vaddr", address, "--vport", port, "-j", "MASQUERADE"],
        ),
      ),
    ],
  };
}

function wayUnread(subject: Subject, command: string): Finding {
  return {
    verdict: "unknown",
    code: "return-path-unread",
    subject,
    message: {
      en: `Whether replies come back through this host is not known: ${command} needs root, or is not installed.`,
      "zh-CN": `无法确定回包是否经过本机：${command} 需要 root 权限，或没有安装。`,
    },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Read it as root; the host's page has the sudoers lines",
          "zh-CN": "用 root 读取；主机页面提供 sudoers 配置",
        },
        command: `sudo ${command}`,
      },
    ],
  };
}
