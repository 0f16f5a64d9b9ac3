import type { Finding, Measurement } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { parseTcpExt } from "./listen-sockets.ts";
import { isUnread, type Unread } from "./need.ts";

/** Only the counters that are judged are kept as facts. */
const names = ["ListenOverflows", "ListenDrops", "TCPReqQFullDrop", "TCPReqQFullDoCookies"] as const;
type Name = (typeof names)[number];
export type ListenCounters = Partial<Record<Name, number>>;
type Sampled = [{ at: number; value: ListenCounters }, { at: number; value: ListenCounters }];

export function parseListenCounters(text: string): ListenCounters {
  const all = parseTcpExt(text);
  return Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/** What it means when a counter rises. A SYN cookie still lets the client in, so that one only warns. */
const rising: Record<Name, { verdict: "warn" | "fail"; what: Text }> = {
  ListenOverflows: {
    verdict: "fail",
    what: { en: "connections found their accept queue full", "zh-CN": "个连接遇到 accept 队列已满" },
  },
  ListenDrops: {
    verdict: "fail",
    what: { en: "connections to listeners were dropped", "zh-CN": "个发往监听端口的连接被丢弃" },
  },
  TCPReqQFullDrop: {
    verdict: "fail",
    what: { en: "SYNs found their queue full and were dropped", "zh-CN": "个 SYN 因队列已满被丢弃" },
  },
  TCPReqQFullDoCookies: {
    verdict: "warn",
    what: {
      en: "SYNs found their queue full and were answered with a cookie",
      "zh-CN": "个 SYN 因队列已满改用 cookie 应答",
    },
  },
};

export function counterFindings(
  fact: Sampled | Unread,
  windowSeconds: number,
): { findings: Finding[]; measurements: Measurement[] } {
  if (isUnread(fact))
    return { findings: [notRead(`${fact.unread.code}: ${fact.unread.what}`)], measurements: [] };
  const [{ value: before }, { value: after }] = fact;
  if (!isCount(before.ListenOverflows) || !isCount(after.ListenOverflows))
    return { findings: [notRead("no ListenOverflows in TcpExt")], measurements: [] };
  const read = names.flatMap((name) => {
    const [from, to] = [before[name], after[name]];
    return isCount(from) && isCount(to) ? [{ name, total: to, rise: to - from }] : [];
  });
  // Counters only grow: smaller ones are those of another boot, and say nothing about the time between.
  const back = read.find(({ rise }) => rise < 0);
  if (back) return { findings: [notRead(`${back.name} went backwards`)], measurements: [] };
  return {
    findings: read.map(({ name, total, rise }) => counterFinding(name, total, rise, windowSeconds)),
    measurements: read.flatMap(({ name, total, rise }) => [
      { name, value: total, unit: "1" },
      { name: `${name} rate`, value: rise / windowSeconds, unit: "1/s" },
    ]),
  };
}

function isCount(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function counterFinding(name: Name, total: number, rise: number, windowSeconds: number): Finding {
  const { verdict, what } = rising[name];
  const subject = { kind: "host", name };
  const observed = `+${rise} in ${windowSeconds} s, ${total} since boot`;
  const expected = `+0 in ${windowSeconds} s`;
  if (rise === 0)
    return {
      verdict: "pass",
      code: "counter-still",
      subject,
      message: {
        en: `${name} did not rise within ${windowSeconds} s; ${total} since boot.`,
        "zh-CN": `${name} 在 ${windowSeconds} 秒内没有增长；自启动以来共 ${total}。`,
      },
      observed,
      expected,
    };
  return {
    verdict,
    code: "counter-rising",
    subject,
    message: {
      en: `Within ${windowSeconds} s, ${rise} ${what.en} (${name}).`,
      "zh-CN": `${windowSeconds} 秒内有 ${rise} ${what["zh-CN"]}(${name})。`,
    },
    observed,
    expected,
    evidence: [{ source: "/proc/net/netstat TcpExt", excerpt: `${name} ${total - rise} → ${total}` }],
    remedy: [
      {
        purpose: "inspect",
        text: { en: "Find the listener with a full queue", "zh-CN": "找出队列已满的监听端口" },
        command: "ss -lnt | awk '$1 == \"LISTEN\" && $2 > 0'",
      },
      {
        purpose: "verify",
        text: { en: "See that the counters stand still", "zh-CN": "确认计数器不再增长" },
        command: "nstat -asz TcpExtListenOverflows TcpExtListenDrops",
      },
    ],
  };
}

function notRead(why: string): Finding {
  return {
    verdict: "unknown",
    code: "counters-not-read",
    subject: { kind: "host", name: "/proc/net/netstat" },
    message: {
      en: `The overflow counters could not be read (${why}).`,
      "zh-CN": `无法读取溢出计数器（${why}）。`,
    },
  };
}
