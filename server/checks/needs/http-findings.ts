import type { Evidence, Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { HttpExchange } from "./endpoint-requests.ts";
import { type HttpStep, httpSteps, stepWords } from "./http-steps.ts";
import { percentile, rounded } from "./percentile.ts";

/** What the timing of an exchange needs of it. */
export type Timed = Pick<
  HttpExchange,
  "url" | "address" | "httpVersion" | "status" | "bodyBytes" | "phases"
> & {
  redirects: number;
};

export function timed({
  url,
  address,
  httpVersion,
  status,
  bodyBytes,
  phases,
  redirects,
}: HttpExchange): Timed {
  const kept = Object.fromEntries(Object.entries(phases).map(([name, ms]) => [name, rounded(ms)]));
  return {
    ...{ url: nameOf(url), address, httpVersion, status, bodyBytes },
    phases: kept as HttpExchange["phases"],
    redirects: redirects.length,
  };
}

/** Without its query, which may hold secrets. */
export function nameOf(url: string): string {
  return url.replace(/^https?:\/\//, "").split(/[?#]/, 1)[0] ?? url;
}

export function totalFinding(
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

export function statusFinding(exchanges: readonly Timed[], subject: Subject): Finding {
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

export function slowStep(
  step: HttpStep,
  at: { subject: Subject; observedMs: number; limitMs: number },
): Finding {
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
