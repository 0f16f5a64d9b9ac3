import { z } from "zod";
import type { Finding, Measurement, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { containerName } from "../needs/cgroup-names.ts";
import { host, sampled } from "../needs/host.ts";
import { param } from "../needs/param.ts";

/** cpu.stat of one cgroup; null where it has no bandwidth counters (the root group of v2). */
export type CpuStat = { periods: number; throttled: number } | null;

export function parseCpuStat(text: string): CpuStat {
  const field = (name: string) => {
    const value = new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1];
    return value === undefined ? null : Number(value);
  };
  const periods = field("nr_periods");
  const throttled = field("nr_throttled");
  return periods === null || throttled === null ? null : { periods, throttled };
}

type Reading = { at: number; value: { path: string; value: CpuStat }[] };
type Level = [Reading, Reading];
/** One cgroup over the window: how its counters grew. */
type Growth = { group: string; path: string; periods: number; throttled: number };

const root = "/sys/fs/cgroup";
/** v2 has groups right below the root, v1 below the controller's folder; pods are the deepest, four or five levels down. */
const levels = [1, 2, 3, 4, 5, 6, 7, 8];
const statAt = (depth: number, windowMs: number) =>
  sampled(host.glob(`${root}${"/*".repeat(depth)}/cpu.stat`, parseCpuStat), windowMs);

export const check = defineCheck({
  id: "host/cpu-throttling",
  version: 2,
  title: { en: "CPU throttling of every cgroup", "zh-CN": "各 cgroup 的 CPU 限流" },
  why: {
    en: "A group that used up its quota stands still until the next period, even on an idle machine. Requests that fall into the gap take up to a tenth of a second longer, and average CPU usage does not show it.",
    "zh-CN":
      "配额用完的 cgroup 会停到下一个周期，哪怕机器完全空闲。落在这段空档里的请求最多会慢上近 100 毫秒，而平均 CPU 使用率看不出来。",
  },
  remedy: {
    en: "Raise the limit above what the group needs at its peak, or make the program start fewer threads than its limit has cores.",
    "zh-CN": "把 limit 提高到峰值用量之上，或让程序的线程数不超过 limit 对应的核数。",
  },
  params: z.object({
    windowSeconds: param(z.number().min(1).max(30).default(5), {
      label: { en: "Sampling window", "zh-CN": "采样时长" },
      unit: "s",
    }),
    warnPercent: param(z.number().min(0).max(100).default(5), {
      label: { en: "Warn above", "zh-CN": "超过则警告" },
      unit: "%",
    }),
    failPercent: param(z.number().min(0).max(100).default(25), {
      label: { en: "Fail above", "zh-CN": "超过则失败" },
      unit: "%",
    }),
    minPeriods: param(z.number().int().min(1).max(300).default(5), {
      label: { en: "Judge a group only from", "zh-CN": "至少运行多少个周期才判断" },
      help: {
        en: "Periods in which the group ran during the window; one full window of 5 s has 50.",
        "zh-CN": "采样时长内该 cgroup 实际运行的周期数；5 秒共有 50 个周期。",
      },
      unit: "{periods}",
    }),
  }),
  needs: ({ windowSeconds }) => {
    const windowMs = windowSeconds * 1000;
    return Object.fromEntries(levels.map((depth) => [`level${depth}`, statAt(depth, windowMs)]));
  },
  judge: (facts, params) => {
    const growths = withoutCopies(Object.values(facts as Record<string, Level>).flatMap(grown));
    if (growths.length === 0)
      return {
        skip: { what: `cpu.stat below ${root}`, detail: "no cgroup with the CPU controller on this host" },
      };
    const limited = growths.filter((growth) => growth.periods > 0);
    const judged = limited.filter((growth) => growth.periods >= params.minPeriods);
    const findings = causes(judged, params).map((growth) => throttlingFinding(growth, params));
    return {
      findings: [summary(growths.length, limited.length, judged.length, params), ...findings],
      measurements: judged.map(
        (growth): Measurement => ({
          name: "throttledPercent",
          subject: growth.group,
          value: percentOf(growth),
          unit: "%",
          warn: { above: params.warnPercent },
          fail: { above: params.failPercent },
        }),
      ),
    };
  },
});

function grown([before, after]: [Reading, Reading]): Growth[] {
  const first = new Map(before.value.map((one) => [one.path, one.value]));
  return after.value.flatMap(({ path, value }) => {
    const old = first.get(path);
    // Groups that came or went within the window have no rate; the next run sees them.
    if (!value || !old || value.periods < old.periods) return [];
    const folder = path.slice(root.length, -"/cpu.stat".length);
    return [
      {
        group: folder.replace(/^\/(cpu|cpuacct|cpu,cpuacct|cpuacct,cpu|unified)(?=\/|$)/, "") || "/",
        path,
        periods: value.periods - old.periods,
        throttled: Math.max(0, value.throttled - old.throttled),
      },
    ];
  });
}

/** On v1 the same hierarchy is often reachable by several names (cpu, cpuacct and cpu,cpuacct are one). */
function withoutCopies(growths: Growth[]): Growth[] {
  return [...new Map(growths.map((growth) => [growth.group, growth])).values()];
}

type Thresholds = { windowSeconds: number; warnPercent: number; failPercent: number; minPeriods: number };

function percentOf({ periods, throttled }: Growth): number {
  return Math.round((Math.min(throttled, periods) / periods) * 1000) / 10;
}

function verdictFor(growth: Growth, params: Thresholds): "pass" | "warn" | "fail" {
  const percent = percentOf(growth);
  return percent > params.failPercent ? "fail" : percent > params.warnPercent ? "warn" : "pass";
}

/** A pod's group is throttled with its container's: the parent repeats the child, so only the deepest is told. */
function causes(judged: Growth[], params: Thresholds): Growth[] {
  return judged.filter((growth) => {
    if (verdictFor(growth, params) === "pass") return true;
    return !judged.some(
      (other) => other.group.startsWith(`${growth.group}/`) && verdictFor(other, params) !== "pass",
    );
  });
}

function throttlingFinding(growth: Growth, params: Thresholds): Finding {
  const percent = percentOf(growth);
  const verdict = verdictFor(growth, params);
  const name = containerName(growth.group) ?? growth.group;
  const quotaFile = growth.path.replace(/cpu\.stat$/, "");
  const subject: Subject = { kind: "host", name: growth.group };
  return {
    verdict,
    code: "cpu-throttled",
    subject,
    message: {
      en: `${name} was throttled in ${growth.throttled} of ${growth.periods} periods (${percent} %).`,
      "zh-CN": `${name} 在 ${growth.periods} 个周期中有 ${growth.throttled} 个被限流（${percent} %）。`,
    },
    observed: `${percent} %`,
    expected: `≤ ${verdict === "fail" ? params.failPercent : params.warnPercent} %`,
    evidence: [
      {
        source: growth.path,
        excerpt: `nr_periods +${growth.periods}\nnr_throttled +${growth.throttled}\nin ${params.windowSeconds} s`,
      },
    ],
    ...(verdict === "pass"
      ? {}
      : {
          remedy: [
            {
              purpose: "inspect" as const,
              text: { en: "See its quota (v2, then v1)", "zh-CN": "查看配额（先 v2，后 v1）" },
              command: `cat '${quotaFile}cpu.max' 2>/dev/null || cat '${quotaFile}cpu.cfs_quota_us' '${quotaFile}cpu.cfs_period_us'`,
            },
          ],
        }),
  };
}

function summary(groups: number, limited: number, judged: number, params: Thresholds): Finding {
  // A period lasts 100 ms unless somebody shortened it: in a shorter window no group ever gets to as many.
  const hopeless = limited > 0 && judged === 0 && params.minPeriods > params.windowSeconds * 10;
  return {
    verdict: hopeless ? "unknown" : "pass",
    code: "cgroups-read",
    subject: { kind: "host", name: root },
    message: {
      en: `${groups} cgroups read; ${limited} with a CPU limit ran within ${params.windowSeconds} s, ${judged} long enough to judge.`,
      "zh-CN": `读取了 ${groups} 个 cgroup；其中 ${limited} 个设有 CPU 限制且在 ${params.windowSeconds} 秒内运行过，${judged} 个运行得够久、可以判断。`,
    },
    observed: `${judged} of ${limited} limited groups judged`,
  };
}
