import type { ReportResult } from "#common/contracts/report.ts";
import type { Verdict } from "#common/verdict.ts";
import { cut, findingText, reasonText, subjectText } from "./finding-text.ts";
import type { ReportSource } from "./formats.ts";
import { xmlAttribute, xmlText } from "./xml-text.ts";

const resultsInSuite = 200;
const findingsInCase = 50;
const mostLineChars = 1_000;

type Case = { verdict: Verdict; seconds: number; text: string };
type Suite = { cluster: string; number: number; cases: Case[] };

/**
 * JUnit XML as Jenkins and GitLab read it: a suite for each cluster, a case for each check on a target. A suite says its
 * counts before its cases, so one of many results goes on in a next one, and no more than that is held.
 */
export async function* writeJunit({ head, results }: ReportSource): AsyncGenerator<string> {
  const { pass, warn, fail, unknown, skip } = head.counts;
  const error = head.error === null ? 0 : 1;
  const tests = pass + warn + fail + unknown + skip + error;
  const name = xmlAttribute(`Weekbook: ${head.runbook ?? head.cluster}`);
  const sums = attributes({ tests, failures: warn + fail, errors: unknown + error });
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}"${sums}>\n`;
  const timestamp = head.startedAt.slice(0, 19);
  const numbers = new Map<string, number>();
  let suite: Suite | undefined;
  for await (const result of results) {
    const cluster = result.cluster ?? head.cluster;
    if (suite && (suite.cluster !== cluster || suite.cases.length >= resultsInSuite)) {
      yield suiteText(suite, timestamp);
      suite = undefined;
    }
    suite ??= { cluster, number: nextOf(numbers, cluster), cases: [] };
    suite.cases.push(toCase(result, cluster));
  }
  if (suite) yield suiteText(suite, timestamp);
  if (head.error !== null) yield runError(head.error, timestamp);
  yield "</testsuites>\n";
}

function nextOf(numbers: Map<string, number>, cluster: string): number {
  const number = (numbers.get(cluster) ?? 0) + 1;
  numbers.set(cluster, number);
  return number;
}

function suiteText({ cluster, number, cases }: Suite, timestamp: string): string {
  const count = (...verdicts: Verdict[]) => cases.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const counts = {
    tests: cases.length,
    failures: count("warn", "fail"),
    errors: count("unknown"),
    skipped: count("skip"),
  };
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0);
  const name = xmlAttribute(number === 1 ? cluster : `${cluster} (${number})`);
  const more = ` time="${seconds.toFixed(3)}" timestamp="${timestamp}"`;
  const text = cases.map((each) => each.text).join("");
  return `  <testsuite name="${name}"${attributes(counts)}${more}>\n${text}  </testsuite>\n`;
}

function toCase(result: ReportResult, cluster: string): Case {
  // Readers make packages of the dots in a class name: the cluster, then the check.
  const plain = (text: string) => text.replaceAll(".", "_");
  const classname = xmlAttribute(`${plain(cluster)}.${plain(result.check)}`);
  const name = xmlAttribute(`${result.title.en} (${result.target})`);
  const seconds = result.cost?.seconds ?? 0;
  const open = `    <testcase classname="${classname}" name="${name}" time="${seconds.toFixed(3)}"`;
  const outcome = outcomeText(result);
  const text = outcome === "" ? `${open}/>\n` : `${open}>\n      ${outcome}\n    </testcase>\n`;
  return { verdict: result.verdict, seconds, text };
}

/** A warning is a failure of type "warn": green would hide it, and `weekbook run` does not end with 0 either. */
function outcomeText({ verdict, reason, findings }: ReportResult): string {
  const why = reason ? [cut(reasonText(reason), mostLineChars)] : [];
  if (verdict === "pass") return "";
  if (verdict === "skip") return `<skipped>${xmlText(why.join())}</skipped>`;
  const told = findings.filter((each) => each.verdict !== "pass");
  const lines = told.slice(0, findingsInCase).map((each) => {
    const line = `${each.verdict.toUpperCase()}  ${subjectText(each.subject)}: ${findingText(each)}`;
    return cut(line, mostLineChars);
  });
  if (told.length > lines.length) lines.push(`and ${told.length - lines.length} more`);
  const [first = verdict] = [...why, ...lines];
  const element = verdict === "unknown" ? "error" : "failure";
  const text = xmlText([...why, ...lines].join("\n"));
  return `<${element} type="${verdict}" message="${xmlAttribute(cut(first, 300))}">${text}</${element}>`;
}

/** A run that could not be carried out as a whole has perhaps no result that says so. */
function runError(error: string, timestamp: string): string {
  const told = `<error type="unknown" message="${xmlAttribute(cut(error, 300))}">${xmlText(error)}</error>`;
  return `  <testsuite name="Run" tests="1" failures="0" errors="1" skipped="0" timestamp="${timestamp}">
    <testcase classname="weekbook.run" name="The run was carried out" time="0">
      ${told}
    </testcase>\n  </testsuite>\n`;
}

function attributes(values: Record<string, number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("");
}
