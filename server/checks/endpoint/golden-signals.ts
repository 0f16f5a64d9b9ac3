import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { prometheus } from "../needs/endpoint.ts";
import {
  answersOf,
  familiesQuery,
  histogramsQuery,
  outcomesQuery,
  type Signal,
  signals,
  targetsQuery,
  toFamilies,
  toTargets,
} from "../needs/golden-signals.ts";
import { nowUnits, toValues, valuesQuery } from "../needs/golden-values.ts";
import { param } from "../needs/param.ts";

export const check = defineCheck({
  id: "endpoint/golden-signals",
  version: 1,
  title: { en: "Which golden signals can be answered", "zh-CN": "哪些黄金指标可以查到" },
  why: {
    en: "During an incident four questions come first: how slow, how much, how many errors, how full. A service whose metrics cannot answer them is debugged by guessing.",
    "zh-CN": "出故障时最先要问四件事：多慢、多少请求、多少错误、有多满。如果指标回答不了，排查就只能靠猜。",
  },
  remedy: {
    en: "Expose a request counter with the outcome as a label, a histogram of durations and a gauge of whatever is queued; the queries are listed for what is there already.",
    "zh-CN":
      "为服务暴露带结果标签的请求计数器、耗时直方图，以及排队数量的 gauge；已有的指标会列出对应的查询语句。",
  },
  params: z.object({
    serviceLabel: param(
      z
        .string()
        .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,60}$/)
        .default("job"),
      {
        label: { en: "Label that names a service", "zh-CN": "表示服务的标签" },
      },
    ),
    windowMinutes: param(z.number().int().min(1).max(60).default(5), {
      label: { en: "Window of the rates", "zh-CN": "计算速率的时间窗口" },
      unit: "min",
    }),
  }),
  needs: ({ serviceLabel: label, windowMinutes }) => ({
    targets: prometheus.query(targetsQuery(label), toTargets(label)),
    families: prometheus.query(familiesQuery(label), toFamilies(label)),
    histograms: prometheus.query(histogramsQuery(label), toFamilies(label)),
    outcomes: prometheus.query(outcomesQuery(label), toFamilies(label)),
    values: prometheus.query(valuesQuery(label, `${windowMinutes}m`), toValues(label)),
  }),
  judge: ({ targets, values, ...metrics }, { serviceLabel: label, windowMinutes }) => {
    if (targets.length === 0) return { skip: { what: "services", detail: "nothing is scraped" } };
    const window = `${windowMinutes}m`;
    const services = targets.map((target) => ({
      ...target,
      answers: answersOf(target.service, metrics, { label, window }),
    }));
    return {
      findings: services.flatMap(judgeService),
      measurements: services.flatMap(({ service, up, down, answers }) => [
        { name: "signalsAnswered", subject: service, value: Object.keys(answers).length, unit: "{signals}" },
        { name: "targetsUp", subject: service, value: up, unit: "{targets}" },
        { name: "targetsDown", subject: service, value: down, unit: "{targets}" },
        ...values
          .filter((one) => one.service === service)
          .map(({ name, value }) => ({ name, subject: service, value, unit: nowUnits[name] })),
      ]),
    };
  },
});

type Service = { service: string; up: number; down: number; answers: Partial<Record<Signal, string>> };

const words: Record<Signal, Text> = {
  latency: { en: "latency", "zh-CN": "延迟" },
  traffic: { en: "traffic", "zh-CN": "流量" },
  errors: { en: "errors", "zh-CN": "错误" },
  saturation: { en: "saturation", "zh-CN": "饱和度" },
  utilization: { en: "utilization", "zh-CN": "使用率" },
};
/** Rate, errors and duration of what serves requests; utilization, saturation and errors of a resource. */
const methods = {
  red: ["traffic", "errors", "latency"],
  use: ["utilization", "saturation", "errors"],
  golden: ["latency", "traffic", "errors", "saturation"],
} as const;

function judgeService(service: Service): Finding[] {
  const subject: Subject = { kind: "service", name: service.service || "(none)" };
  const down: Finding[] = service.down > 0 ? [downFinding(subject, service)] : [];
  return [...down, signalFinding(subject, service)];
}

function downFinding(subject: Subject, { up, down }: Service): Finding {
  return {
    ...{ verdict: "fail", code: "target-down", subject },
    message: {
      en: `${down} of ${up + down} targets cannot be scraped: nothing is known of them.`,
      "zh-CN": `${up + down} 个采集目标中有 ${down} 个采集失败，它们的情况无从得知。`,
    },
    observed: `up: ${up}, down: ${down}`,
    expected: "every target up",
  };
}

function signalFinding(subject: Subject, { answers }: Service): Finding {
  const has = (signal: Signal) => answers[signal] !== undefined;
  const servesRequests = has("traffic") || has("latency");
  const wanted: readonly Signal[] = servesRequests ? methods.golden : methods.use;
  const missing = wanted.filter((signal) => !has(signal));
  const evidence = signals.flatMap((signal) => {
    const query = answers[signal];
    return query === undefined ? [] : [{ source: signal, excerpt: query }];
  });
  const observed = (Object.keys(methods) as (keyof typeof methods)[])
    .map(
      (method) => `${method.toUpperCase()} ${methods[method].filter(has).length}/${methods[method].length}`,
    )
    .join(", ");
  const remedy = evidence.map(({ source, excerpt }) => ({
    purpose: "inspect" as const,
    text: words[source as Signal],
    command: excerpt,
  }));
  const list = (locale: "en" | "zh-CN") => missing.map((signal) => words[signal][locale]);
  if (missing.length === 0) {
    return {
      ...{ verdict: "pass", code: "signals-answered", subject, observed, evidence, remedy },
      message: servesRequests
        ? { en: "All four golden signals can be answered.", "zh-CN": "四个黄金指标都可以查到。" }
        : {
            en: "Utilization, saturation and errors can be answered.",
            "zh-CN": "使用率、饱和度和错误都可以查到。",
          },
    };
  }
  const nothing = evidence.length === 0;
  return {
    ...{
      verdict: "warn",
      code: nothing ? "no-signals" : "signals-missing",
      subject,
      observed,
      evidence,
      remedy,
    },
    message: nothing
      ? {
          en: "That it is up is all that its metrics tell in a known form.",
          "zh-CN": "以已知形式能看到的只有它是否存活。",
        }
      : {
          en: `Its metrics do not answer, in a known form: ${list("en").join(", ")}.`,
          "zh-CN": `以已知形式查不到：${list("zh-CN").join("、")}。`,
        },
    expected: servesRequests ? "latency, traffic, errors, saturation" : "utilization, saturation, errors",
  };
}
