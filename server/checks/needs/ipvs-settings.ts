import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { isUnread, type Unread } from "./need.ts";

const subjectOf = (machine: string, part: string): Subject => ({ kind: "host", name: machine, part });
/** what an idle TCP connection through IPVS is remembered for, unless it was told otherwise */
const usualTimeout = 900;

const setNow = (setting: string): RemedyStep => ({
  purpose: "fix",
  text: { en: "Set it now, and keep it in /etc/sysctl.d", "zh-CN": "立即生效，并写入 /etc/sysctl.d" },
  command: shellCommand("sudo", "sysctl", "-w", setting),
});

function unread(machine: string, part: string, fact: Unread): Finding {
  const message = {
    en: `${part} could not be read (${fact.unread.code}).`,
    "zh-CN": `无法读取 ${part}（${fact.unread.code}）。`,
  };
  return { verdict: "unknown", code: "setting-unread", subject: subjectOf(machine, part), message };
}

type Setting = { machine: string; name: string; fact: string | Unread; right: (value: number) => boolean };
type Wrong = Pick<Finding, "verdict" | "code" | "message" | "expected" | "remedy">;

function setting({ machine, name, fact, right }: Setting, wrong: Wrong): Finding {
  if (isUnread(fact)) return unread(machine, name, fact);
  const subject = subjectOf(machine, name);
  const observed = `${name} = ${fact}`;
  if (!right(Number(fact))) return { subject, observed, ...wrong };
  const message = { en: observed, "zh-CN": `内核参数 ${observed}` };
  return { verdict: "pass", code: "setting-read", subject, message, observed };
}

type Keepalive = { keepalive: string | Unread; timeout: number | null | Unread };

function keepalive(machine: string, { keepalive: fact, timeout }: Keepalive): Finding {
  const seconds = isUnread(timeout) || timeout === null ? usualTimeout : timeout;
  const name = "net.ipv4.tcp_keepalive_time";
  return setting(
    { machine, name, fact, right: (value) => value < seconds },
    {
      verdict: "warn",
      code: "keepalive-too-long",
      message: {
        en: `IPVS forgets a TCP connection after ${seconds} s of silence, and this host first asks after ${isUnread(fact) ? "" : fact} s whether the other side is alive: a quiet connection breaks.`,
        "zh-CN": `TCP 连接空闲 ${seconds} 秒后 IPVS 就会遗忘它，而本机要空闲 ${isUnread(fact) ? "" : fact} 秒才开始发送探活包：安静的长连接会断。`,
      },
      expected: `< ${seconds}`,
      remedy: [setNow(`${name}=600`)],
    },
  );
}

function conntrack(machine: string, fact: string | Unread, masquerades: boolean): Finding {
  const name = "net.ipv4.vs.conntrack";
  return setting(
    { machine, name, fact, right: (value) => value === 1 },
    {
      verdict: masquerades ? "fail" : "warn",
      code: "conntrack-off",
      message: {
        en: "Connections through IPVS are hidden from netfilter: no MASQUERADE applies to them, and replies go to the client directly.",
        "zh-CN": "netfilter 看不到经过 IPVS 的连接：MASQUERADE 对它们不起作用，回包会直接发给客户端。",
      },
      expected: "1",
      remedy: [setNow(`${name}=1`)],
    },
  );
}

function forwarding(machine: string, fact: string | Unread, masquerades: boolean): Finding {
  const name = "net.ipv4.ip_forward";
  return setting(
    { machine, name, fact, right: (value) => value === 1 },
    {
      verdict: masquerades ? "fail" : "warn",
      code: "forwarding-off",
      message: {
        en: "This host forwards nothing: what IPVS sends on to a real server elsewhere is dropped.",
        "zh-CN": "本机没有打开转发：IPVS 发往其他机器上真实服务器的包会被丢弃。",
      },
      expected: "1",
      remedy: [setNow(`${name}=1`)],
    },
  );
}

const empty = (machine: string): Finding => ({
  verdict: "pass",
  code: "table-empty",
  subject: subjectOf(machine, "/proc/net/ip_vs"),
  message: { en: "IPVS is loaded and has no virtual server.", "zh-CN": "IPVS 已加载，但没有任何虚拟服务。" },
});

export const settingFindings = { unread, keepalive, conntrack, forwarding, empty };
