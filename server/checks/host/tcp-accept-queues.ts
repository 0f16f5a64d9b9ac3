import { z } from "zod";
import type { Finding, Measurement, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { host, sampled } from "../needs/host.ts";
import { counterFindings, parseListenCounters } from "../needs/listen-counters.ts";
import { listenersOf, queueFinding, queueMeasurements } from "../needs/listen-findings.ts";
import { parseProcNetTcp, parseSs } from "../needs/listen-sockets.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { param } from "../needs/param.ts";

/**
 * Subject: the kernel parameter; for a queue or a counter "listener" with the address or the counter as its part.
 * Codes: setting-read (pass), somaxconn-low, abort-on-overflow, syncookies-off (warn), not-read (unknown); per listener
 * queue-has-room, queue-empty (pass), queue-filling (warn), queue-full (fail), queue-maximum-unknown (unknown),
 * maximum-not-visible (pass), listeners-not-read (unknown); those of the counters are in needs/listen-counters.ts.
 */
export const check = defineCheck({
  id: "host/tcp-accept-queues",
  version: 2,
  title: { en: "Listen queues of TCP servers", "zh-CN": "TCP 监听队列" },
  why: {
    en: "When a listener's queue is full the kernel drops the client's connection without a word in any log: the client waits a second or more and tries again.",
    "zh-CN": "监听队列满了以后，内核会直接丢弃客户端的连接，任何日志里都看不到；客户端要等一秒以上才会重试。",
  },
  remedy: {
    en: "Find out why the server accepts too slowly; then raise both the backlog the program asks for and net.core.somaxconn, and restart the program.",
    "zh-CN": "先弄清服务为什么 accept 太慢；然后同时调大程序的 backlog 和 net.core.somaxconn，并重启程序。",
  },
  params: z.object({
    windowSeconds: param(z.number().min(1).max(30).default(5), {
      label: { en: "Sampling window", "zh-CN": "采样时长" },
      unit: "s",
    }),
    warnPercent: param(z.number().min(1).max(100).default(75), {
      label: { en: "Warn when a queue is fuller than", "zh-CN": "队列占用超过则警告" },
      unit: "%",
    }),
    minSomaxconn: param(z.number().int().min(1).max(1_000_000).default(1024), {
      label: { en: "Warn when net.core.somaxconn is below", "zh-CN": "net.core.somaxconn 低于则警告" },
      unit: "{connections}",
    }),
  }),
  needs: ({ windowSeconds }) => ({
    somaxconn: optional(host.sysctl("net.core.somaxconn")),
    maxSynBacklog: optional(host.sysctl("net.ipv4.tcp_max_syn_backlog")),
    abortOnOverflow: optional(host.sysctl("net.ipv4.tcp_abort_on_overflow")),
    syncookies: optional(host.sysctl("net.ipv4.tcp_syncookies")),
    sockets: optional(host.command(["ss", "-lnt"], parseSs)),
    tcp: optional(host.file("/proc/net/tcp", parseProcNetTcp)),
    tcp6: optional(host.file("/proc/net/tcp6", parseProcNetTcp)),
    counters: optional(sampled(host.file("/proc/net/netstat", parseListenCounters), windowSeconds * 1000)),
  }),
  judge: (facts, params) => {
    const settings = [
      setting("net.core.somaxconn", facts.somaxconn, (value) =>
        value < params.minSomaxconn ? lowSomaxconn(value, params.minSomaxconn) : null,
      ),
      setting("net.ipv4.tcp_max_syn_backlog", facts.maxSynBacklog, () => null),
      setting("net.ipv4.tcp_abort_on_overflow", facts.abortOnOverflow, (value) =>
        value === 0 ? null : aborts,
      ),
      setting("net.ipv4.tcp_syncookies", facts.syncookies, (value) => (value === 0 ? noCookies : null)),
    ];
    const listeners = listenersOf(facts);
    const counters = counterFindings(facts.counters, params.windowSeconds);
    return {
      findings: [
        ...settings.map((one) => one.finding),
        ...listeners.findings,
        ...listeners.sockets.map((socket) => queueFinding(socket, params.warnPercent)),
        ...counters.findings,
      ],
      measurements: [
        ...settings.flatMap((one) => one.measurement),
        ...listeners.sockets.flatMap((socket) => queueMeasurements(socket, params.warnPercent)),
        ...counters.measurements,
      ],
    };
  },
});

type Problem = { code: string; message: Text; expected: string; fix: RemedyStep };

function setting(
  name: string,
  fact: string | Unread,
  judge: (value: number) => Problem | null,
): { finding: Finding; measurement: Measurement[] } {
  const subject: Subject = { kind: "host", name };
  const value = isUnread(fact) || !/^-?\d+$/.test(fact) ? null : Number(fact);
  if (value === null) return { finding: notRead(subject, fact), measurement: [] };
  const problem = judge(value);
  const observed = `${name} = ${value}`;
  const finding: Finding = problem
    ? {
        verdict: "warn",
        code: problem.code,
        subject,
        message: problem.message,
        observed,
        expected: problem.expected,
        remedy: [problem.fix],
      }
    : {
        verdict: "pass",
        code: "setting-read",
        subject,
        message: { en: observed, "zh-CN": `内核参数 ${observed}` },
        observed,
      };
  return { finding, measurement: [{ name, value, unit: "1" }] };
}

function lowSomaxconn(value: number, minimum: number): Problem {
  return {
    code: "somaxconn-low",
    message: {
      en: `net.core.somaxconn = ${value} caps every accept queue, whatever backlog a program asks for.`,
      "zh-CN": `net.core.somaxconn = ${value}，无论程序申请多大的 backlog，accept 队列都不会超过它。`,
    },
    expected: `≥ ${minimum}`,
    fix: {
      purpose: "fix",
      text: {
        en: "Raise it, keep it in /etc/sysctl.d, and restart the servers: a listener keeps the queue it was made with",
        "zh-CN": "调大并写入 /etc/sysctl.d，然后重启服务：已有的监听套接字不会变",
      },
      command: "sysctl -w net.core.somaxconn=4096",
    },
  };
}

const aborts: Problem = {
  code: "abort-on-overflow",
  message: {
    en: "net.ipv4.tcp_abort_on_overflow is on: a full queue resets clients instead of letting them try again.",
    "zh-CN": "net.ipv4.tcp_abort_on_overflow 已打开：队列满时会直接 RST 客户端，不给它重试的机会。",
  },
  expected: "0",
  fix: {
    purpose: "fix",
    text: { en: "Turn it off", "zh-CN": "关闭它" },
    command: "sysctl -w net.ipv4.tcp_abort_on_overflow=0",
  },
};

const noCookies: Problem = {
  code: "syncookies-off",
  message: {
    en: "net.ipv4.tcp_syncookies is off: a full SYN queue drops new clients, and a SYN flood stops the service.",
    "zh-CN": "net.ipv4.tcp_syncookies 已关闭：SYN 队列满时新客户端会被丢弃，SYN flood 即可让服务不可用。",
  },
  expected: "1",
  fix: {
    purpose: "fix",
    text: { en: "Turn them on", "zh-CN": "打开它" },
    command: "sysctl -w net.ipv4.tcp_syncookies=1",
  },
};

function notRead(subject: Subject, fact: unknown): Finding {
  const reason = isUnread(fact)
    ? `${fact.unread.code}: ${fact.unread.what}`
    : `not a number: ${String(fact)}`;
  return {
    verdict: "unknown",
    code: "not-read",
    subject,
    message: {
      en: `${subject.name} could not be read (${reason}).`,
      "zh-CN": `无法读取 ${subject.name}（${reason}）。`,
    },
  };
}
