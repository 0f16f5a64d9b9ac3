import type { ReportResult } from "#common/contracts/report.ts";
import type { Coverage, KeptFinding, Reason, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { checks } from "#server/checks/registry.gen.ts";
import type { ReportSource } from "../run-exports/formats.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

export type Hiding = {
  names: Pseudonyms;
  /** by slug and by name */
  clusters: ReadonlyMap<string, string>;
  /** whether a runbook of this slug is the product's own, whose name tells nothing */
  isOurs: (runbook: string) => boolean;
  /** what stands in place of what a team wrote itself */
  words: { check: Text; message: Text };
};

type Shared = Pick<ReportSource, "head" | "results">;

const ourChecks = new Set(checks.map(({ id }) => id));

/** What of a run leaves the team. Evidence and who asked for it never do; `hiding` null lets names through. */
export function redactReport({ head, results }: Shared, hiding: Hiding | null): Shared {
  const shown = { ...head, requestedBy: null };
  if (!hiding) return { head: shown, results: mapped(results, withoutEvidence) };
  const { names, clusters, isOurs } = hiding;
  return {
    head: {
      ...shown,
      cluster: [...new Set(clusters.values())].join(", "),
      runbook: head.runbook !== null && isOurs(head.runbook) ? head.runbook : null,
      error: head.error && names.text(head.error),
    },
    results: mapped(results, (result) => hiddenResult(withoutEvidence(result), hiding)),
  };
}

async function* mapped(
  results: AsyncIterable<ReportResult>,
  change: (result: ReportResult) => ReportResult,
): AsyncGenerator<ReportResult> {
  for await (const result of results) yield change(result);
}

function withoutEvidence(result: ReportResult): ReportResult {
  const findings = result.findings.map(({ evidence: _, ...finding }) => finding);
  return { ...result, findings, params: {}, measurements: [] };
}

function hiddenResult(result: ReportResult, hiding: Hiding): ReportResult {
  const { names, words } = hiding;
  const ours = ourChecks.has(result.check);
  return {
    ...result,
    cluster: result.cluster && hiddenCluster(result.cluster, hiding),
    check: hiddenCheck(result.check, hiding),
    title: ours ? result.title : words.check,
    target: hiddenTarget(result.check, result.target, hiding),
    reason: result.reason && hiddenReason(result.reason, names),
    coverage: result.coverage.map((each) => hiddenCoverage(each, names)),
    findings: result.findings.map((finding) => ({
      ...hiddenFinding(finding, result.check, hiding),
      fingerprint: "",
    })),
  };
}

export function hiddenCluster(slug: string, { clusters, names }: Hiding): string {
  return clusters.get(slug) ?? names.of("cluster", slug);
}

export function hiddenCheck(id: string, { names }: Hiding): string {
  return ourChecks.has(id) ? id : names.of("check", id);
}

export function hiddenTarget(check: string, target: string, { clusters, names }: Hiding): string {
  return (
    clusters.get(target) ?? names.of(ourChecks.has(check) ? (check.split("/")[0] ?? "") : "target", target)
  );
}

function hiddenReason({ code, what }: Reason, names: Pseudonyms): Reason {
  return { code, what: names.text(what) };
}

function hiddenCoverage({ what, unit, missing, ...rest }: Coverage, names: Pseudonyms): Coverage {
  return {
    ...rest,
    what: names.text(what),
    unit: names.text(unit),
    missing: missing.map((reason) => hiddenReason(reason, names)),
  };
}

/** A finding of a check that a team wrote keeps its verdict and whom it is about, under a pseudonym, and no more. */
export function hiddenFinding(finding: KeptFinding, check: string, { names, words }: Hiding): KeptFinding {
  const { verdict, code, message, observed, expected, texts, remedy, affected } = finding;
  const subject = hiddenSubject(finding.subject, names);
  if (!ourChecks.has(check)) return { verdict, code: "finding", subject, message: words.message };
  const also = namesIn(finding);
  const text = (each: string) => names.text(each, also);
  const both = (each: Text): Text => ({ en: text(each.en), "zh-CN": text(each["zh-CN"]) });
  return {
    ...{ verdict, code, subject, message: both(message) },
    observed: observed === undefined ? undefined : text(observed),
    expected: expected === undefined ? undefined : text(expected),
    texts: texts && {
      observed: texts.observed && both(texts.observed),
      expected: texts.expected && both(texts.expected),
    },
    affected: affected && {
      count: affected.count,
      sample: affected.sample.map((each) => hiddenSubject(each, names)),
    },
    remedy: remedy?.map(({ purpose, text: step, command }) => ({
      ...{ purpose, text: both(step) },
      command: command === undefined ? undefined : text(command),
    })),
  };
}

function hiddenSubject({ kind, namespace, name, part }: Subject, names: Pseudonyms): Subject {
  return {
    kind: names.text(kind),
    namespace: namespace === undefined ? undefined : names.of("namespace", namespace),
    name: names.of(kind, name),
    part: part === undefined || /^\d+$/.test(part) ? part : names.of("part", part),
  };
}

/** The structured names of a finding, which its sentences repeat. */
function namesIn({ subject, affected }: KeptFinding): Map<string, string> {
  const known = new Map<string, string>();
  for (const { kind, namespace, name, part } of [subject, ...(affected?.sample ?? [])]) {
    if (part !== undefined && !/^\d+$/.test(part)) known.set(part.toLowerCase(), "part");
    if (namespace !== undefined) known.set(namespace.toLowerCase(), "namespace");
    known.set(name.toLowerCase(), kind);
  }
  return known;
}
