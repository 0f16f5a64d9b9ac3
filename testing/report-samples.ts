import type { Report, ReportResult } from "#common/contracts/report.ts";
import { noCounts } from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";
import type { ReportSource } from "#server/domain/run-exports/formats.ts";

type Finding = ReportResult["findings"][number];

/** Names that have broken files before: formulas, mark-up, control characters, halves of pairs, links, line breaks. */
export const hostileNames = [
  "=cmd|' /C calc'!A0",
  "+1+1",
  "-2",
  "@SUM(A1)",
  "\t=1",
  `"><script>alert(1)</script>`,
  "]]>&amp;<!--",
  "nul\u0000esc\u001b[31m",
  "half \ud800 pair \udc00",
  "\ufffe\uffff",
  "[click](https://evil.example)",
  "two\r\nlines",
  "\u202egnp.exe",
  "{0} %s $(x)",
  "名称😀",
];

export function sampleFinding(name: string, more: Partial<Finding> = {}): Finding {
  return {
    verdict: "fail",
    code: "example-code",
    subject: { kind: "Pod", namespace: "payments", name },
    message: { en: `${name} is wrong`, "zh-CN": `${name} 有问题` },
    fingerprint: `of ${name}`,
    ...more,
  };
}

export function sampleResult(verdict: Verdict, more: Partial<ReportResult> = {}): ReportResult {
  return {
    cluster: "prod",
    check: "kubernetes/duplicate-pod-ip",
    version: 1,
    title: { en: "Pods share an address", "zh-CN": "Pod 地址重复" },
    target: "prod",
    params: {},
    verdict,
    reason: null,
    counts: { ...noCounts },
    coverage: [],
    cost: { calls: 1, bytes: 10, throttled: 0, seconds: 1.25 },
    findings: [],
    measurements: [],
    ...more,
  };
}

/** A report of these results, whose head counts them. */
export function sampleReport(results: ReportResult[], head: Partial<Report> = {}): ReportSource {
  const counts = { ...noCounts };
  for (const { verdict } of results) counts[verdict] += 1;
  const ended = { startedAt: "2026-11-02T03:04:05.678Z", endedAt: "2026-11-02T03:05:05.678Z" };
  const base = { cluster: "Production", runId: "01a22155-fca4-701e-af51-0a8e7fd6f493", runbook: null };
  return {
    head: { ...base, verdict: "fail", counts, cost: null, error: null, ...ended, ...head },
    results: (async function* () {
      yield* results;
    })(),
    checks: [],
  };
}

/** One result of each verdict, with hostile names in every place that holds one. */
export function hostileReport(): ReportSource {
  const findings = hostileNames.flatMap((name, index): Finding[] => [
    sampleFinding(name, { observed: name, expected: name }),
    sampleFinding(name, { verdict: "warn", subject: { kind: name, namespace: name, name, part: name } }),
    sampleFinding(name, { verdict: "unknown", subject: { kind: "host", name } }),
    sampleFinding(name, {
      subject: { kind: "document", name, part: `line ${index + 1}, column 3: ${name}` },
    }),
  ]);
  const reasons = hostileNames.map((what) => ({ code: "forbidden", what, detail: what }) as const);
  return sampleReport(
    [
      sampleResult("fail", { findings }),
      sampleResult("pass", { check: "host/load", target: "web-1" }),
      sampleResult("warn", { findings: [sampleFinding("web-0", { verdict: "warn" })] }),
      ...reasons.map((reason) => sampleResult("unknown", { reason, target: reason.what })),
      ...reasons.map((reason) => sampleResult("skip", { reason, cluster: reason.what, check: reason.what })),
    ],
    { error: hostileNames.join(), runbook: hostileNames.join(), cluster: hostileNames.join() },
  );
}

export async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}
