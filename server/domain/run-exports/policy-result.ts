import type { ReportResult } from "#common/contracts/report.ts";
import type { Subject } from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";
import { kinds } from "#server/checks/needs/kubernetes.ts";
import { cut, reasonText, subjectText } from "./finding-text.ts";

type Outcome = "pass" | "fail" | "warn" | "error" | "skip";
const outcomes: Record<Verdict, Outcome> = {
  pass: "pass",
  warn: "warn",
  fail: "fail",
  unknown: "error",
  skip: "skip",
};
const served = new Map(
  Object.values(kinds)
    .toReversed()
    .map((each) => [each.kind, each]),
);
const mostChars = 500;

/** A finding as a result of a PolicyReport; without one, the check's own. `namespace`: where its report belongs. */
export function policyResult(
  result: ReportResult,
  finding: ReportResult["findings"][number] | null,
  at: string,
) {
  const { check, target, version, cluster, reason, title } = result;
  const why = reason ? `${title.en}: ${reasonText(reason)}` : title.en;
  const timestamp = { seconds: Math.floor(Date.parse(at) / 1_000), nanos: 0 };
  const shared = { source: "weekbook", policy: check, timestamp, scored: true };
  const about = { cluster, target, version: String(version) };
  if (!finding) {
    const message = cut(why, mostChars);
    return {
      namespace: undefined,
      ...shared,
      result: outcomes[result.verdict],
      message,
      properties: strings(about),
    };
  }
  const { verdict, code, subject, observed, expected, fingerprint, message } = finding;
  return {
    namespace: namespaceOf(subject),
    ...shared,
    rule: code,
    result: outcomes[verdict],
    message: cut(message.en, mostChars),
    ...resourcesOf(subject),
    properties: strings({
      ...about,
      ...{ subject: subjectText(subject), part: subject.part, observed, expected, fingerprint },
    }),
  };
}

function resourcesOf({ kind, namespace, name }: Subject) {
  // Hosts, endpoints, documents and what a team's own check calls a thing are no objects of a cluster.
  const known = served.get(kind);
  if (!known) return {};
  const apiVersion = known.group === "" ? known.version : `${known.group}/${known.version}`;
  return { resources: [{ apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name }] };
}

/** Only what can be the name of a namespace; a report cannot be put anywhere else. */
function namespaceOf({ kind, namespace }: Subject): string | undefined {
  if (!served.has(kind) || namespace === undefined) return undefined;
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace) ? namespace : undefined;
}

function strings(values: Record<string, string | undefined>): Record<string, string> {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, cut(value, mostChars)] as const],
  );
  return Object.fromEntries(given);
}
