import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import {
  conntrackMeasurements,
  droppedFinding,
  invalidFinding,
  mitigationOf,
  type Sample,
  tableFinding,
} from "../needs/conntrack-findings.ts";
import {
  parseConntrackCommand,
  parseConntrackStat,
  parseIptablesDrops,
  parseNftDrops,
} from "../needs/conntrack-stat.ts";
import { host, sampled } from "../needs/host.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

/**
 * Subject: the host; part: INVALID, table or drop.
 * Codes: invalid-still and invalid-dropped (pass), invalid-though-liberal (warn), invalid-unmitigated (fail),
 * mitigation-unread and counters-unread (unknown); table-has-room (pass), table-filling (warn), table-full (fail),
 * table-unread (unknown); table-dropping (fail).
 */
export const check = defineCheck({
  id: "host/conntrack-invalid-packets",
  version: 1,
  title: { en: "INVALID packets of connection tracking", "zh-CN": "连接跟踪里的 INVALID 包" },
  why: {
    en: "A packet that connection tracking calls INVALID is not translated back to the container it belongs to. The host finds no such connection of its own, answers with a reset, and an upload breaks for no reason that either side can see.",
    "zh-CN":
      "被连接跟踪标记为 INVALID 的包不会被转换回它所属的容器。主机发现自己没有这条连接，便回一个 RST，上传随之中断，而两端都看不出原因。",
  },
  remedy: {
    en: "Drop INVALID packets, or stop checking TCP windows; then find out why packets come outside the window.",
    "zh-CN": "丢弃 INVALID 包，或者不再检查 TCP 窗口；然后弄清包为什么会落在窗口之外。",
  },
  params: z.object({
    windowSeconds: param(z.number().min(1).max(30).default(5), {
      label: { en: "Sampling window", "zh-CN": "采样时长" },
      unit: "s",
    }),
    warnPercent: param(z.number().min(1).max(100).default(75), {
      label: { en: "Warn when the table is fuller than", "zh-CN": "连接跟踪表占用达到则警告" },
      unit: "%",
    }),
    failPercent: param(z.number().min(1).max(100).default(90), {
      label: { en: "Fail when the table is fuller than", "zh-CN": "连接跟踪表占用达到则失败" },
      unit: "%",
    }),
  }),
  needs: ({ windowSeconds }) => ({
    machine: host.sysctl("kernel.hostname"),
    counters: optional(
      sampled(host.file("/proc/net/stat/nf_conntrack", parseConntrackStat), windowSeconds * 1000),
    ),
    command: optional(
      sampled(host.command(["conntrack", "-S"], parseConntrackCommand, { sudo: true }), windowSeconds * 1000),
    ),
    liberal: optional(host.sysctl("net.netfilter.nf_conntrack_tcp_be_liberal")),
    count: optional(host.sysctl("net.netfilter.nf_conntrack_count")),
    maximum: optional(host.sysctl("net.netfilter.nf_conntrack_max")),
    iptables: optional(host.command(["iptables-save"], parseIptablesDrops, { sudo: true })),
    nft: optional(host.command(["nft", "list", "ruleset"], parseNftDrops, { sudo: true })),
  }),
  judge: ({ machine, counters, command, liberal, count, maximum, iptables, nft }, params) => {
    const absent = [counters, maximum].every((fact) => isUnread(fact) && fact.unread.code === "not-found");
    if (absent) return { skip: { what: "nf_conntrack", detail: "this host does not track connections" } };
    const none: [Sample, Sample] = [
      { at: 0, value: null },
      { at: 0, value: null },
    ];
    const samples = !isUnread(counters) ? counters : !isUnread(command) ? command : none;
    const mitigation = mitigationOf(liberal, [iptables, nft]);
    return {
      findings: [
        invalidFinding(machine, samples, mitigation),
        ...droppedFinding(machine, samples),
        tableFinding(machine, { count, maximum, ...params }),
      ],
      measurements: [
        ...conntrackMeasurements(samples),
        ...(isUnread(count) || isUnread(maximum) || Number(maximum) <= 0
          ? []
          : [
              {
                name: "tableFill",
                value: (Number(count) / Number(maximum)) * 100,
                unit: "%",
                warn: { above: params.warnPercent },
                fail: { above: params.failPercent },
              },
            ]),
      ],
    };
  },
});
