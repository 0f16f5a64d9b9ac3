import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { filesOf, parseOomLines } from "../needs/oom-files.ts";
import { parseGroupEvents, tellingGroups } from "../needs/oom-groups.ts";
import { groupFindings, killFindings } from "../needs/oom-kill-findings.ts";
import { datedKills } from "../needs/oom-kills.ts";
import { type OomLogs, oomLogScript, parseOomLogs } from "../needs/oom-log.ts";
import { logFinding, oomMeasurements, unreadPart } from "../needs/oom-log-finding.ts";
import { processFindings } from "../needs/oom-process-findings.ts";
import { parseScoresKept, scoreScript } from "../needs/oom-processes.ts";
import { parseMeminfo, settingFindings } from "../needs/oom-settings.ts";
import { param } from "../needs/param.ts";

const levels = [1, 2, 3, 4, 5, 6, 7, 8];
const events = (depth: number, file: string) =>
  optional(host.glob(`/sys/fs/cgroup${"/*".repeat(depth)}/${file}`, parseGroupEvents));
type Group = { path: string; value: ReturnType<typeof parseGroupEvents> }[];

const number = (fact: string | Unread) => (isUnread(fact) || !/^-?\d+$/.test(fact) ? null : Number(fact));

function parseOomCount(text: string): number | null {
  const value = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return value === undefined ? null : Number(value);
}

/**
 * Subject: the host; part: the group, the process, the setting, the file or the log.
 * Codes: machine-out-of-memory (fail within a day, else warn), group-out-of-memory (warn, fail when it goes on),
 * killed-by-systemd-oomd, group-kills-counted, kills-not-in-log, killer-switched-off (warn), group-stands-still (fail),
 * no-kill (pass), log-unread (unknown); next-in-line (pass), critical-unprotected, large-and-untouchable (warn),
 * processes-unread (unknown); panic-on-oom, panic-at-next-start, commit-limit-near, memory-nearly-gone, swap-unused,
 * no-such-setting, oom-adj-written (warn).
 */
export const check = defineCheck({
  id: "host/linux-oom",
  version: 1,
  title: { en: "OOM kills on the machine, and who is next", "zh-CN": "机器上的 OOM 记录，以及下一个会是谁" },
  why: {
    en: "When memory runs out the kernel ends a process at once, and nothing but its own log and a counter says so. Who that is was decided long before, by size and by a number that nobody looks at.",
    "zh-CN":
      "内存耗尽时内核会立刻结束一个进程，只在自己的日志和一个计数器里留下记录。会是谁，早已由占用大小和一个没人看的数字决定了。",
  },
  remedy: {
    en: "Find out whose limit it was. Measure, then raise the limit or mend the leak; protect what the machine depends on by OOMScoreAdjust= of its unit.",
    "zh-CN":
      "先弄清是谁的上限。测量之后再调大上限或修掉泄漏；机器离不开的进程，用单元的 OOMScoreAdjust= 保护。",
  },
  params: z.object({
    days: param(z.number().int().min(1).max(30).default(7), {
      label: { en: "Look back over", "zh-CN": "回看天数" },
      unit: "d",
    }),
    failKills: param(z.number().int().min(1).max(1000).default(5), {
      label: { en: "Fail from this many kills in one group", "zh-CN": "同一 cgroup 被杀达到多少次判为失败" },
      unit: "{kills}",
    }),
    minAvailablePercent: param(z.number().min(0).max(50).default(5), {
      label: { en: "Warn when less memory is available than", "zh-CN": "可用内存低于则警告" },
      unit: "%",
    }),
    critical: param(
      z
        .string()
        .max(500)
        .regex(/^([\w@.:+-]+(\s*,\s*[\w@.:+-]+)*)?$/)
        .default("sshd, containerd, dockerd, crio, kubelet, etcd, kube-apiserver"),
      {
        label: { en: "Processes that must not be ended", "zh-CN": "不能被结束的进程" },
        help: {
          en: "Names of processes, separated by commas; add your databases.",
          "zh-CN": "进程名，用英文逗号分隔；把你的数据库也加上。",
        },
      },
    ),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    uptime: host.file("/proc/uptime", (text) => Number.parseFloat(text)),
    memory: host.file("/proc/meminfo", parseMeminfo),
    counter: optional(host.file("/proc/vmstat", parseOomCount)),
    overcommit: optional(host.sysctl("vm.overcommit_memory")),
    panicOnOom: optional(host.sysctl("vm.panic_on_oom")),
    panic: optional(host.sysctl("kernel.panic")),
    swappiness: optional(host.sysctl("vm.swappiness")),
    sysctlFile: optional(host.file("/etc/sysctl.conf", parseOomLines)),
    sysctlFiles: optional(host.glob("/etc/sysctl.d/*.conf", parseOomLines, 200)),
    initFiles: optional(host.glob("/etc/init.d/*", parseOomLines, 500)),
    rcLocal: optional(host.file("/etc/rc.local", parseOomLines)),
    units: optional(host.glob("/etc/systemd/system/*.service", parseOomLines, 500)),
    processes: optional(host.command(["sh", "-c", scoreScript], parseScoresKept, { timeoutMs: 20_000 })),
    log: optional(host.command(["sh", "-c", oomLogScript], parseOomLogs, { sudo: true, timeoutMs: 20_000 })),
    ownLog: optional(
      host.command(["sh", "-c", `: own; ${oomLogScript}`], parseOomLogs, { timeoutMs: 20_000 }),
    ),
    ...Object.fromEntries(levels.map((depth) => [`events${depth}`, events(depth, "memory.events")])),
    ...Object.fromEntries(levels.map((depth) => [`control${depth}`, events(depth, "memory.oom_control")])),
  },
  judge: (facts, params, { observedAt: now }) => {
    const { machine, uptime, memory, counter, processes, log, ownLog } = facts;
    const read: OomLogs | null = !isUnread(log) ? log : isUnread(ownLog) ? null : ownLog;
    const kills = read ? datedKills(read, { now, uptimeSeconds: uptime, days: params.days }) : [];
    const complete = read?.logs.some((one) => one.complete) ?? false;
    const place = { machine, now, ...params, labels: read?.containers ?? [] };
    const rest = facts as unknown as Record<string, Group | Unread>;
    const groupsOf = (name: string) =>
      levels.map((depth) => rest[`${name}${depth}`]).map((fact) => (!fact || isUnread(fact) ? [] : fact));
    const groups = tellingGroups(groupsOf("events"), groupsOf("control"));
    const counted = isUnread(counter) ? null : counter;
    const critical = params.critical
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean);
    const settings = {
      overcommit: number(facts.overcommit),
      panicOnOom: number(facts.panicOnOom),
      panic: number(facts.panic),
      swappiness: number(facts.swappiness),
    };
    const found = [...killFindings(kills, place), ...groupFindings(groups, complete, place)];
    const findings: Finding[] = [
      ...found,
      ...logFinding({
        machine,
        kills,
        complete,
        counted,
        groups: groups.filter(({ events: { killed } }) => killed).length,
        uptime,
        read: read !== null,
        days: params.days,
      }),
      ...(isUnread(processes)
        ? [unreadPart(machine, "processes-unread", "/proc", processes.unread.code)]
        : processFindings(processes.processes, { machine, totalBytes: memory.totalBytes, critical })),
      ...settingFindings(settings, { machine, memory, files: filesOf(facts), ...params }),
    ];
    return {
      findings,
      measurements: oomMeasurements(kills.length, counted, memory, params.minAvailablePercent),
    };
  },
});
