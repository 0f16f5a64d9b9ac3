import { z } from "zod";
import type { Finding, Measurement, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { document } from "../needs/document.ts";
import { outliersOf, ratioOf, readExport, type TimedCommand } from "../needs/hyperfine-export.ts";
import { param } from "../needs/param.ts";
import { timedPicture } from "../needs/timed-picture.ts";

/** Below this hyperfine says itself that it cannot tell the command from the shell around it. */
const shellSeconds = 0.005;

/**
 * Subject: the document; part: the command, with its place in the list.
 * Codes: timed (pass) or runs-differ (warn) for each command, beside them few-runs, slow-first-run, outliers,
 * commands-failed and too-short (warn); compared, alike (pass) and not-comparable (unknown) against the fastest.
 */
export const check = defineCheck({
  id: "document/hyperfine-json",
  version: 2,
  title: { en: "A benchmark's result, read with care", "zh-CN": "审读 hyperfine 的测量结果" },
  why: {
    en: "A mean looks like a fact even when three runs, one cold cache or a command that failed stand behind it. The file that hyperfine exports holds what tells them apart.",
    "zh-CN":
      "均值看起来总像事实，哪怕背后只有三次运行、一次冷缓存，或者一条执行失败的命令。hyperfine 导出的文件里有分辨它们的依据。",
  },
  remedy: {
    en: "Measure again with warm-up and more runs on an idle machine, and claim only what lies outside the error.",
    "zh-CN": "在空闲的机器上预热并增加次数后重测，只对超出误差范围的差别下结论。",
  },
  params: z.object({
    minRuns: param(z.number().int().min(2).max(1_000).default(10), {
      label: { en: "Warn below this many runs", "zh-CN": "运行次数少于此值则警告" },
      unit: "{runs}",
    }),
    warnSpreadPercent: param(z.number().min(1).max(100).default(20), {
      label: { en: "Warn when runs differ by more than", "zh-CN": "波动超过则警告" },
      help: { en: "standard deviation as part of the mean", "zh-CN": "标准差占均值的比例" },
      unit: "%",
    }),
  }),
  needs: { text: document.text() },
  judge: ({ text }, params) => {
    const commands = readExport(text);
    if (commands === "other")
      return { skip: { what: "an export of hyperfine", detail: "JSON without hyperfine's results" } };
    if (commands === "no-json") return { findings: [notJson] };
    const fastest = commands.reduce((best, one) => (one.mean < best.mean ? one : best));
    return {
      findings: commands.flatMap((command, index) => [
        ...ofCommand(command, partOf(command, index), params),
        ...(command === fastest ? [] : [comparison(fastest, command, partOf(command, index))]),
      ]),
      pictures: [
        timedPicture(
          commands.map(({ command, mean, stddev }) => ({
            name: command,
            meanSeconds: mean,
            spreadSeconds: stddev ?? 0,
          })),
        ),
      ],
      measurements: commands.flatMap((command, index) => measured(command, partOf(command, index))),
    };
  },
});

type Params = { minRuns: number; warnSpreadPercent: number };

const partOf = ({ command }: TimedCommand, index: number) => `${index + 1}: ${shortened(command)}`;
const shortened = (command: string) => (command.length > 120 ? `${command.slice(0, 119)}…` : command);
const subjectOf = (part: string): Subject => ({ kind: "document", name: "hyperfine", part });
const runsOf = (count: number) => `${count} ${count === 1 ? "run" : "runs"}`;
const ms = (seconds: number) => `${Number((seconds * 1000).toPrecision(4))} ms`;

const notJson: Finding = {
  verdict: "unknown",
  code: "not-json",
  subject: { kind: "document", name: "hyperfine" },
  message: {
    en: "The text is not JSON, or was cut off. Give the whole file that --export-json wrote, not what the terminal showed.",
    "zh-CN": "文本不是 JSON，或者不完整。请提供 --export-json 写出的整个文件，而不是终端上的输出。",
  },
};

function ofCommand(command: TimedCommand, part: string, params: Params): Finding[] {
  const { mean, stddev, times = [], exit_codes: codes = [] } = command;
  const subject = subjectOf(part);
  const warn = (code: string, message: Text, observed: string, expected?: string): Finding => ({
    ...{ verdict: "warn", code, subject, message, observed },
    ...(expected ? { expected } : {}),
  });
  const findings = [spread(command, subject, params)];
  if (times.length < params.minRuns)
    findings.push(warn("few-runs", fewRuns, runsOf(times.length), `≥ ${params.minRuns} runs`));
  const failed = codes.filter((code) => code !== 0).length;
  if (failed > 0)
    findings.push(
      warn("commands-failed", commandsFailed(failed, codes.length), `${failed} of ${codes.length}`),
    );
  const [first, ...others] = outliersOf(times);
  const slow = times[first ?? -1];
  if (first === 0 && slow !== undefined && slow > mean)
    findings.push(warn("slow-first-run", slowFirst, ms(slow), `about ${ms(command.median ?? mean)}`));
  const rest = first === 0 ? others.length : others.length + (first === undefined ? 0 : 1);
  if (rest > 0) findings.push(warn("outliers", outliers(rest, times.length), `${rest} of ${times.length}`));
  if (stddev != null && mean < shellSeconds && times.includes(0))
    findings.push(warn("too-short", tooShort, ms(mean), "hyperfine --shell=none"));
  return findings;
}

function spread({ mean, stddev, times }: TimedCommand, subject: Subject, params: Params): Finding {
  const runs = times?.length ?? 0;
  const figures = stddev == null ? ms(mean) : `${ms(mean)} ± ${ms(stddev)}`;
  const percent = stddev != null && mean > 0 ? (100 * stddev) / mean : 0;
  const differ = percent > params.warnSpreadPercent;
  return {
    verdict: differ ? "warn" : "pass",
    code: differ ? "runs-differ" : "timed",
    subject,
    message: differ
      ? {
          en: `${figures} over ${runsOf(runs)}: they differ too much for a mean to say much.`,
          "zh-CN": `运行 ${runs} 次，${figures}：波动太大，均值说明不了什么。`,
        }
      : { en: `${figures} over ${runsOf(runs)}.`, "zh-CN": `运行 ${runs} 次，${figures}。` },
    ...(stddev == null ? {} : { observed: `± ${Math.round(percent)} %` }),
    expected: `≤ ${params.warnSpreadPercent} %`,
  };
}

const fewRuns: Text = {
  en: "So few runs show neither the spread nor the odd one out.",
  "zh-CN": "次数这么少，既看不出波动，也看不出离群值。",
};
const slowFirst: Text = {
  en: "The first run was far slower than the others: it found cold caches. Use --warmup, or empty the caches before each run.",
  "zh-CN": "第一次运行远慢于其余各次：当时缓存是冷的。请用 --warmup，或在每次运行前都清空缓存。",
};
const tooShort: Text = {
  en: "The command takes no longer than the shell around it; some runs came out as 0.",
  "zh-CN": "命令的耗时不超过外层 shell 自身的启动时间，有几次结果甚至是 0。",
};

function commandsFailed(failed: number, all: number): Text {
  return {
    en: `${failed} of ${all} runs ended with an error: what was timed is perhaps only the way to it.`,
    "zh-CN": `${all} 次运行中有 ${failed} 次以错误结束：测到的也许只是出错之前的时间。`,
  };
}

function outliers(count: number, all: number): Text {
  return {
    en: `${count} of ${all} runs lie far from all others: something else used the machine.`,
    "zh-CN": `${all} 次运行中有 ${count} 次远离其余各次：当时有别的任务占用机器。`,
  };
}

function comparison(fastest: TimedCommand, other: TimedCommand, part: string): Finding {
  const subject = subjectOf(part);
  const quick = shortened(fastest.command);
  const compared = ratioOf(fastest, other);
  if (!compared || compared.error === null) {
    const message = {
      en: `It cannot be compared with "${quick}": that needs times above zero and more than one run of each.`,
      "zh-CN": `无法与“${quick}”比较：两者的时间都要大于零，并且各运行不止一次。`,
    };
    return { verdict: "unknown", code: "not-comparable", subject, message };
  }
  const { ratio, error } = compared;
  const observed = `${ratio.toFixed(2)} ± ${error.toFixed(2)}`;
  if (ratio - error <= 1) {
    const message = {
      en: `It cannot be told apart from "${quick}": ${observed} times as long.`,
      "zh-CN": `与“${quick}”分不出快慢：耗时是它的 ${observed} 倍。`,
    };
    return { verdict: "pass", code: "alike", subject, message, observed };
  }
  const message = {
    en: `It takes ${observed} times as long as "${quick}".`,
    "zh-CN": `耗时是“${quick}”的 ${observed} 倍。`,
  };
  return { verdict: "pass", code: "compared", subject, message, observed };
}

function measured({ mean, stddev, median, min, max }: TimedCommand, subject: string): Measurement[] {
  const values = { mean, "standard deviation": stddev, median, min, max };
  return Object.entries(values).flatMap(([name, value]) =>
    value == null ? [] : [{ name, subject, value, unit: "s" }],
  );
}
