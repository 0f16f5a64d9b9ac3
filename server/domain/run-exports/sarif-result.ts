import type { ReportResult } from "#common/contracts/report.ts";
import type { Subject } from "#common/result.ts";
import { cut, findingText, subjectText } from "./finding-text.ts";

type Finding = ReportResult["findings"][number];
type Place = { ruleIndex: number; cluster: string };

/** A finding as SARIF has it. What could not be found out is `open` and no alert of a level. */
export function sarifResult(finding: Finding, result: ReportResult, { ruleIndex, cluster }: Place) {
  const { verdict, code, subject, observed, expected, fingerprint } = finding;
  const text = plainMessage(cut(`${subjectText(subject)}: ${findingText(finding)}`, 2_000));
  return {
    ruleId: result.check,
    ruleIndex,
    ...(verdict === "unknown"
      ? { kind: "open", level: "none" }
      : { kind: "fail", level: verdict === "fail" ? "error" : "warning" }),
    message: { text },
    locations: [{ ...physical(subject), logicalLocations: [logical(subject, cluster)] }],
    partialFingerprints: { "weekbookFinding/v1": fingerprint },
    properties: { code, cluster, target: result.target, observed, expected },
  };
}

/** SARIF reads `[text](place)` as a link, and what a cluster calls its things must not make one. */
export function plainMessage(text: string): string {
  return text.replaceAll("](", "] (");
}

function logical(subject: Subject, cluster: string) {
  const { kind, namespace, name, part } = subject;
  return {
    name: part === undefined ? name : `${name} ${part}`,
    kind: kind.toLowerCase() === "namespace" ? "namespace" : kind,
    fullyQualifiedName: [cluster, namespace, kind, name, part].filter((each) => each !== undefined).join("/"),
  };
}

/** The line of a pasted text, where its check names one. */
function physical({ kind, name, part }: Subject) {
  if (kind !== "document") return {};
  const [, startLine, startColumn] = /^line (\d{1,7})(?:, column (\d{1,7}))?/.exec(part ?? "") ?? [];
  const region = {
    ...(startLine === undefined ? {} : { startLine: Math.max(1, Number(startLine)) }),
    ...(startColumn === undefined ? {} : { startColumn: Math.max(1, Number(startColumn)) }),
  };
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURIComponent(name.toWellFormed()) },
      ...(startLine === undefined ? {} : { region }),
    },
  };
}
