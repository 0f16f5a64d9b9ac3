import { z } from "zod";
import type { Evidence, Finding, Measurement, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { http } from "../needs/endpoint.ts";
import type { HttpExchange } from "../needs/endpoint-requests.ts";
import { type HttpStep, httpSteps, stepsOf, stepWords } from "../needs/http-steps.ts";
import { param } from "../needs/param.ts";
import { percentile, rounded } from "../needs/percentile.ts";

type Timed = Pick<HttpExchange, "url" | "address" | "httpVersion" | "status" | "bodyBytes" | "phases"> & {
  redirects: number;
};

const thresholdMs = (byDefault: number) => z.number().int().min(1).max(600_000).default(byDefault);

export const check = defineCheck({
  id: "endpoint/http-timing",
  version: 1,
  title: { en: "Where the time of an HTTP request goes", "zh-CN": "HTTP 请求的时间花在哪里" },
  why: {
    en: "A slow page has one of six causes: the name, the connection, TLS, the way there, the server, or the size. Each has another owner, and the total alone names none of them.",
    "zh-CN":
      "页面变慢的原因无非六种：域名解析、建立连接、TLS、发送请求、服务器处理、响应体积。它们各归不同的人负责，而只看总时间看不出是哪一种。",
  },
  remedy: {
    en: "Look at the step that takes most of the median: resolver and cache for the name, distance and load for the connection, session resumption for TLS, the application for the first byte, compression and caching for the body.",
    "zh-CN":
      "看中位数里占比最大的一步：解析慢看解析器和缓存，连接慢看距离和负载，TLS 慢看会话恢复，首字节慢看应用本身，传输慢看压缩和缓存。",
  },
  params: z.object({
    url: param(
      z
        .string()
        .trim()
        .max(2000)
        .regex(/^(https?:\/\/\S+)?$/)
        .default(""),
      {
        label: { en: "Address", "zh-CN": "地址" },
        help: { en: "Empty: the registered HTTP endpoint.", "zh-CN": "留空则使用已登记的 HTTP 端点。" },
        placeholder: "https://example.com/",
      },
    ),
    repeat: param(z.number().int().min(1).max(50).default(5), {
      label: { en: "Requests, each on a new connection", "zh-CN": "请求次数（每次新建连接）" },
    }),
    followRedirects: param(z.boolean().default(true), {
      label: { en: "Follow redirects", "zh-CN": "跟随重定向" },
    }),
    warnTotalMs: param(thresholdMs(1_000), {
      label: { en: "Warn when the total (p95) takes longer than", "zh-CN": "总时间（p95）超过时警告" },
      unit: "ms",
    }),
    failTotalMs: param(thresholdMs(3_000), {
      label: { en: "Fail when the total (p95) takes longer than", "zh-CN": "总时间（p95）超过时判为失败" },
      unit: "ms",
    }),
    warnLookupMs: param(thresholdMs(100), {
      label: {
        en: "Warn when the look-up (median) takes longer than",
        "zh-CN": "域名解析（中位数）超过时警告",
      },
      unit: "ms",
    }),
    warnConnectMs: param(thresholdMs(200), {
      label: {
        en: "Warn when connecting (median) takes longer than",
        "zh-CN": "建立连接（中位数）超过时警告",
      },
      unit: "ms",
    }),
    warnTlsMs: param(thresholdMs(400), {
      label: { en: "Warn when TLS (median) takes longer than", "zh-CN": "TLS 握手（中位数）超过时警告" },
      unit: "ms",
    }),
    warnWaitMs: param(thresholdMs(500), {
      label: {
        en: "Warn when the first byte (median) takes longer than",
        "zh-CN": "等待首字节（中位数）超过时警告",
      },
      unit: "ms",
    }),
  }),
  needs: (params) => ({
    exchanges: http.request(
      {
        url: params.url === "" ? null : params.url,
        method: "GET",
        repeat: params.repeat,
        redirects: params.followRedirects ? 10 : 0,
        bodyBytes: 0,
      },
      (exchanges) => exchanges.map(timed),
    ),
  }),
  judge: ({ exchanges }, params) => {
    const [first] = exchanges;
    if (!first) return { skip: { what: "HTTP timing", detail: "there was no exchange to time" } };
    const url = params.url || first.url;
    const subject: Subject = { kind: "endpoint", name: nameOf(url) };
    const steps = exchanges.map(({ phases }) => stepsOf(phases));
    const medians = Object.fromEntries(
      httpSteps.map((step) => [
        step,
        rounded(
          percentile(
            steps.map((each) => each[step]),
            0.5,
          ),
        ),
      ]),
    ) as Record<HttpStep, number>;
    const limits: Partial<Record<HttpStep, number>> = {
      lookup: params.warnLookupMs,
      connect: params.warnConnectMs,
      tls: params.warnTlsMs,
      wait: params.warnWaitMs,
    };
    const slow = httpSteps.filter((step) => medians[step] > (limits[step] ?? Number.POSITIVE_INFINITY));
    return {
      findings: [
        totalFinding(exchanges, { ...params, subject, medians, url }),
        statusFinding(exchanges, subject),
        ...slow.map((step) =>
          slowStep(step, { subject, observedMs: medians[step], limitMs: limits[step] ?? 0 }),
        ),
      ],
      measurements: measurementsOf(exchanges, subject.name, medians),
    };
  },
});

function timed({ url, address, httpVersion, status, bodyBytes, phases, redirects }: HttpExchange): Timed {
  const kept = Object.fromEntries(Object.entries(phases).map(([name, ms]) => [name, rounded(ms)]));
  return {
    ...{ url: nameOf(url), address, httpVersion, status, bodyBytes },
    phases: kept as HttpExchange["phases"],
    redirects: redirects.length,
  };
}

/** Without its query, which may hold secrets. */
function nameOf(url: string): string {
  return url.replace(/^https?:\/\//, "").split(/[?#]/, 1)[0] ?? url;
}

function totalFinding(
  exchanges: readonly Timed[],
  at: {
    subject: Subject;
    medians: Record<HttpStep, number>;
    url: string;
    warnTotalMs: number;
    failTotalMs: number;
  },
): Finding {
  const totals = exchanges.map(({ phases }) => phases.totalMs);
  const [median, p95] = [rounded(percentile(totals, 0.5)), rounded(percentile(totals, 0.95))];
  const verdict = p95 > at.failTotalMs ? "fail" : p95 > at.warnTotalMs ? "warn" : "pass";
  const longest = httpSteps.reduce((most, step) => (at.medians[step] > at.medians[most] ? step : most));
  const share = median > 0 ? Math.min(100, Math.round((at.medians[longest] / median) * 100)) : 0;
  const words: Text = {
    en: `The median of ${exchanges.length} is ${median} ms; ${share} % of it is ${stepWords[longest].en}.`,
    "zh-CN": `${exchanges.length} 次请求的中位数为 ${median} ms，其中 ${share}% 用于${stepWords[longest]["zh-CN"]}。`,
  };
  return {
    verdict,
    code: verdict === "pass" ? "fast-enough" : verdict === "warn" ? "slow" : "too-slow",
    subject: at.subject,
    message: words,
    observed: `p95 ${p95} ms`,
    expected: `at most ${at.warnTotalMs} ms`,
    evidence: [waterfall(at.medians, exchanges)],
    ...(verdict === "pass" ? {} : { remedy: [inspect(at.url)] }),
  };
}

/** The medians as bars, one line per step. */
function waterfall(medians: Record<HttpStep, number>, exchanges: readonly Timed[]): Evidence {
  const sum = httpSteps.reduce((total, step) => total + medians[step], 0) || 1;
  const lines = httpSteps.map((step) => {
    const bar = "#".repeat(Math.round((medians[step] / sum) * 40));
    return `${step.padEnd(9)}${medians[step].toFixed(1).padStart(10)} ms  ${bar}`;
  });
  const addresses = [...new Set(exchanges.map(({ address }) => address))].sort();
  return {
    source: `medians of ${exchanges.length} requests to ${addresses.join(", ")}`,
    excerpt: lines.join("\n"),
  };
}

function statusFinding(exchanges: readonly Timed[], subject: Subject): Finding {
  const worst = exchanges.map(({ status }) => status).toSorted((a, b) => b - a)[0] ?? 0;
  const verdict = worst >= 500 ? "fail" : worst >= 400 ? "warn" : "pass";
  const all = [...new Set(exchanges.map(({ status }) => status))].toSorted((a, b) => a - b).join(", ");
  return {
    verdict,
    code: verdict === "pass" ? "status-good" : "error-status",
    subject: { ...subject, part: "status" },
    message:
      verdict === "pass"
        ? { en: `The server answered with ${all}.`, "zh-CN": `服务器返回 ${all}。` }
        : {
            en: `The server answered with ${all}; the times are those of an error page.`,
            "zh-CN": `服务器返回 ${all}，测得的是错误页面的时间。`,
          },
    observed: all,
    expected: "below 400",
  };
}

function slowStep(step: HttpStep, at: { subject: Subject; observedMs: number; limitMs: number }): Finding {
  return {
    verdict: "warn",
    code: `slow-${step}`,
    subject: { ...at.subject, part: step },
    message: {
      en: `Half of the requests spend ${at.observedMs} ms or more on ${stepWords[step].en}.`,
      "zh-CN": `半数请求在${stepWords[step]["zh-CN"]}上花费 ${at.observedMs} ms 或更久。`,
    },
    observed: `median ${at.observedMs} ms`,
    expected: `at most ${at.limitMs} ms`,
  };
}

function inspect(url: string): RemedyStep {
  const format = ["namelookup", "connect", "appconnect", "pretransfer", "redirect", "starttransfer", "total"]
    .map((name) => `${name} %{time_${name}}\\n`)
    .join("");
  return {
    purpose: "inspect",
    text: { en: "Time it from another place", "zh-CN": "换一个位置再测一次" },
    command: `curl -L -s -S -o /dev/null -w '${format}' '${url.replaceAll("'", "%27")}'`,
  };
}

function measurementsOf(
  exchanges: readonly Timed[],
  subject: string,
  medians: Record<HttpStep, number>,
): Measurement[] {
  const totals = exchanges.map(({ phases }) => phases.totalMs);
  const redirects = exchanges.map(({ phases }) => phases.redirectMs);
  const of = (name: string, value: number): Measurement => ({
    name,
    subject,
    value: rounded(value),
    unit: "ms",
  });
  return [
    of("totalP50", percentile(totals, 0.5)),
    of("totalP95", percentile(totals, 0.95)),
    of("redirectP50", percentile(redirects, 0.5)),
    ...httpSteps.map((step) => of(`${step}P50`, medians[step])),
  ];
}
