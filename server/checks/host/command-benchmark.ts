import { z } from "zod";
import type { Finding, Measurement } from "#common/result.ts";
import { defineCheck, type Judgement } from "../define-check.ts";
import { notMeasured, withoutResult } from "../needs/active-fact.ts";
import { host } from "../needs/host.ts";
import { parseHyperfine, type Timing } from "../needs/hyperfine.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import { timedPicture } from "../needs/timed-picture.ts";

/** All there is to choose from: what a parameter says never becomes a command. */
const commands = {
  "process-start": "true",
  "shell-start": "sh -c :",
  "bash-start": "bash -c :",
  "python-start": "python3 -c pass",
  "sleep-300-ms": "sleep 0.3",
  "copy-1-gib-in-memory": "dd if=/dev/zero of=/dev/null bs=1M count=1024",
  "write-64-mib": "dd if=/dev/zero of=copy bs=1M count=64 conv=fsync",
  "walk-usr-share": "find /usr/share -xdev -maxdepth 4 -name none",
} as const;
type Name = keyof typeof commands;
const names = Object.keys(commands) as [Name, ...Name[]];
const limitSeconds = 45;

export const check = defineCheck({
  id: "host/command-benchmark",
  version: 2,
  title: { en: "Time of a command, measured by repetition", "zh-CN": "反复运行测量命令耗时" },
  why: {
    en: "A command timed once says little: the first run warms caches, and others use the machine too. Many runs give a mean and tell how far to trust it.",
    "zh-CN":
      "只计一次时说明不了什么：第一次运行要预热缓存，机器上还有别的任务。多次运行才有均值，也才知道它有多可信。",
  },
  remedy: {
    en: "Where runs differ widely, find out what else uses the machine, or measure longer; compare only what was measured on an idle machine.",
    "zh-CN": "各次运行差异大时，先弄清还有什么占用机器，或延长测量；只有机器空闲时测得的结果才能相互比较。",
  },
  effect: "active",
  impact: {
    en: "hyperfine runs the chosen commands again and again, one at a time: one processor busy for at most 45 s. Where a command writes, it writes 64 MiB to a file of its own below /tmp, which is removed.",
    "zh-CN":
      "hyperfine 逐个反复运行所选命令：最多占用一个处理器 45 秒。会写入的命令每次向 /tmp 下自己的文件写 64 MiB，结束后删除。",
  },
  params: z.object({
    command: param(z.enum(names).default("shell-start"), {
      label: { en: "Command", "zh-CN": "命令" },
    }),
    compareWith: param(z.enum(["nothing", ...names]).default("nothing"), {
      label: { en: "Compare with", "zh-CN": "对比命令" },
    }),
    warmupRuns: param(z.number().int().min(0).max(10).default(3), {
      label: { en: "Runs to warm up", "zh-CN": "预热次数" },
      unit: "{runs}",
    }),
    minRuns: param(z.number().int().min(2).max(50).default(10), {
      label: { en: "Runs at least", "zh-CN": "最少运行次数" },
      unit: "{runs}",
    }),
    prepare: param(z.enum(["nothing", "sync"]).default("nothing"), {
      label: { en: "Before each run", "zh-CN": "每次运行之前" },
    }),
    warnSpreadPercent: param(z.number().min(1).max(100).default(20), {
      label: { en: "Warn when runs differ by more than", "zh-CN": "波动超过则警告" },
      help: { en: "standard deviation as part of the mean", "zh-CN": "标准差占均值的比例" },
      unit: "%",
    }),
  }),
  needs: ({ command, compareWith, warmupRuns, minRuns, prepare }) => ({
    runs: optional(
      host.active(
        {
          argv: [
            "hyperfine",
            "--style=none",
            "--shell=none",
            `--warmup=${warmupRuns}`,
            `--min-runs=${minRuns}`,
            "--max-runs=100",
            "--export-json={work}/result.json",
            ...(prepare === "sync" ? ["--prepare=sync"] : []),
            ...chosen({ command, compareWith }).map((name) => commands[name]),
          ],
          limitSeconds,
          collect: { file: "result.json", maxBytes: 256 << 10 },
        },
        parseHyperfine,
      ),
    ),
  }),
  judge: ({ runs }, params): Judgement => {
    const subject = { kind: "host", name: params.command };
    if (isUnread(runs)) return notMeasured(runs, { tool: "hyperfine", subject });
    if ("failed" in runs) return withoutResult(subject, "hyperfine-failed", runs.failed);
    const timed = chosen(params).flatMap((name, index) => {
      const timing = runs.timings[index];
      return timing ? [{ name, timing }] : [];
    });
    const [first, second] = timed;
    if (!first) return withoutResult(subject, "hyperfine-failed", "no command was timed");
    return {
      findings: [
        ...timed.map((one) => spread(one, params.warnSpreadPercent)),
        ...(second ? [comparison(first, second)] : []),
      ],
      pictures: [timedPicture(timed.map(({ name, timing }) => ({ ...timing, name: commands[name] })))],
      measurements: timed.flatMap(measured),
    };
  },
});

type Timed = { name: Name; timing: Timing };

function chosen({ command, compareWith }: { command: Name; compareWith: Name | "nothing" }): Name[] {
  return compareWith === "nothing" || compareWith === command ? [command] : [command, compareWith];
}

const ms = (seconds: number) => `${Number((seconds * 1000).toPrecision(4))} ms`;

function spread({ name, timing }: Timed, warnPercent: number): Finding {
  const { meanSeconds, spreadSeconds, runs } = timing;
  const percent = meanSeconds > 0 ? (100 * spreadSeconds) / meanSeconds : 0;
  const noisy = percent > warnPercent;
  const figures = `${ms(meanSeconds)} ± ${ms(spreadSeconds)}`;
  return {
    verdict: noisy ? "warn" : "pass",
    code: noisy ? "runs-differ" : "timed",
    subject: { kind: "host", name },
    message: noisy
      ? {
          en: `"${commands[name]}" took ${figures} over ${runs} runs: they differ too much to be compared.`,
          "zh-CN": `“${commands[name]}”运行 ${runs} 次，耗时 ${figures}：波动太大，不宜用来比较。`,
        }
      : {
          en: `"${commands[name]}" took ${figures} over ${runs} runs.`,
          "zh-CN": `“${commands[name]}”运行 ${runs} 次，耗时 ${figures}。`,
        },
    observed: `± ${Math.round(percent)} %`,
    expected: `≤ ${warnPercent} %`,
  };
}

function comparison(one: Timed, other: Timed): Finding {
  const [fast, slow] = one.timing.meanSeconds <= other.timing.meanSeconds ? [one, other] : [other, one];
  const [a, b] = [fast.timing, slow.timing];
  const ratio = a.meanSeconds > 0 ? b.meanSeconds / a.meanSeconds : 1;
  const relative = (timing: Timing) =>
    timing.meanSeconds > 0 ? timing.spreadSeconds / timing.meanSeconds : 0;
  const error = ratio * Math.hypot(relative(a), relative(b));
  const figures = `${ratio.toFixed(2)} ± ${error.toFixed(2)}`;
  const subject = { kind: "host", name: fast.name, part: slow.name };
  const [quick, late] = [commands[fast.name], commands[slow.name]];
  if (ratio - error <= 1) {
    const message = {
      en: `"${quick}" and "${late}" cannot be told apart: ${figures}.`,
      "zh-CN": `“${quick}”和“${late}”看不出快慢：${figures}。`,
    };
    return { verdict: "pass", code: "alike", subject, message, observed: figures };
  }
  const message = {
    en: `"${quick}" is ${figures} times as fast as "${late}".`,
    "zh-CN": `“${quick}”的速度是“${late}”的 ${figures} 倍。`,
  };
  return { verdict: "pass", code: "compared", subject, message, observed: figures };
}

function measured({ name, timing }: Timed): Measurement[] {
  const { meanSeconds, spreadSeconds, minSeconds, maxSeconds } = timing;
  const values = { mean: meanSeconds, "standard deviation": spreadSeconds, min: minSeconds, max: maxSeconds };
  return Object.entries(values).map(([what, value]) => ({ name: what, subject: name, value, unit: "s" }));
}
