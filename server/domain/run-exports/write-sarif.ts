import type { ReportResult } from "#common/contracts/report.ts";
import type { Check } from "#server/checks/define-check.ts";
import { cut, reasonText } from "./finding-text.ts";
import type { ReportSource } from "./formats.ts";
import { plainMessage, sarifResult } from "./sarif-result.ts";

const mostNotifications = 1_000;
const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

type Notification = {
  level: "error" | "warning";
  message: { text: string };
  associatedRule?: { id: string; index: number };
};

/**
 * SARIF 2.1.0. Results come first and what is said of the tool last, so that only the rules that were met and a thousand
 * notifications are held. What passed or did not apply is no result: readers take every result for an alert.
 */
export async function* writeSarif({ head, results, checks }: ReportSource): AsyncGenerator<string> {
  yield `{"$schema":"${schema}","version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[`;
  const rules = new Map<
    string,
    { index: number; result: Pick<ReportResult, "check" | "version" | "title"> }
  >();
  const notifications: Notification[] = [];
  let unknown = 0;
  let separator = "\n";
  for await (const result of results) {
    const { check, version, title } = result;
    const rule = rules.get(check) ?? { index: rules.size, result: { check, version, title } };
    rules.set(check, rule);
    if (result.verdict === "unknown") {
      unknown += 1;
      if (unknown <= mostNotifications) notifications.push(notFoundOut(result, rule.index));
    }
    for (const finding of result.findings) {
      if (finding.verdict === "pass") continue;
      const place = { ruleIndex: rule.index, cluster: result.cluster ?? head.cluster };
      yield `${separator}${JSON.stringify(sarifResult(finding, result, place))}`;
      separator = ",\n";
    }
  }
  const told = [...notifications, ...moreNotifications(unknown), ...runNotifications(head.error)];
  const invocation = {
    // Whether everything that was to be found out was found out, whatever it is.
    executionSuccessful: unknown === 0 && head.error === null,
    startTimeUtc: head.startedAt,
    endTimeUtc: head.endedAt,
    toolExecutionNotifications: told,
  };
  const known = new Map(checks.map((check) => [check.id, check]));
  const driver = {
    name: "Weekbook",
    rules: [...rules.values()].map(({ result }) => ruleOf(result, known.get(result.check))),
  };
  const automation = { automationDetails: { id: `weekbook/${head.runbook ?? "checks"}/` } };
  const rest = {
    invocations: [invocation],
    tool: { driver },
    ...automation,
    properties: runProperties(head),
  };
  yield `\n],${JSON.stringify(rest).slice(1)}]}\n`;
}

function runProperties({ runId, cluster, verdict, counts }: ReportSource["head"]) {
  return { runId, cluster, verdict, counts };
}

function notFoundOut({ check, target, cluster, reason }: ReportResult, index: number): Notification {
  const why = reason ? reasonText(reason) : "not found out";
  const text = `${check} on ${cluster === undefined ? target : `${cluster}, ${target}`}: ${why}`;
  return {
    level: "error",
    message: { text: plainMessage(cut(text, 1_000)) },
    associatedRule: { id: check, index },
  };
}

function moreNotifications(unknown: number): Notification[] {
  const more = unknown - mostNotifications;
  if (more <= 0) return [];
  return [{ level: "error", message: { text: `${more} more results were not found out.` } }];
}

function runNotifications(error: string | null): Notification[] {
  return error === null ? [] : [{ level: "error", message: { text: plainMessage(cut(error, 1_000)) } }];
}

/** A check that the team does not have any more has its title left. */
function ruleOf({ check, version, title }: Pick<ReportResult, "check" | "version" | "title">, known?: Check) {
  return {
    id: check,
    shortDescription: { text: plainMessage(title.en) },
    ...(known && {
      fullDescription: { text: plainMessage(known.why.en) },
      help: { text: plainMessage(`${known.why.en}\n\n${known.remedy.en}`) },
    }),
    properties: { version, tags: [check.split("/")[0] ?? check] },
  };
}
