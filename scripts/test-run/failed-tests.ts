// Which tests failed, by name and with the first lines of why, for the very end of a long output.
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { project } from "../launcher/project.ts";
import { readReport } from "./counts.ts";

export type VitestReport = {
  testResults: {
    /** absolute path of the file */
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
};

type PlaywrightSuite = {
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    file: string;
    tests: { status: string; results: { error?: { message?: string } }[] }[];
  }[];
};

/** `unsteady`: failed among the others and passed when it was run once more. */
export type FailedTest = { unsteady: boolean; file: string; title: string; why: string };

const shownLines = 12;

export function inWords({ unsteady, file, title, why }: FailedTest): string {
  const lines = stripVTControlCharacters(why)
    .trim()
    .split("\n")
    .filter((line) => !line.includes("/node_modules/"))
    .slice(0, shownLines);
  const heading = `${unsteady ? "UNSTEADY (passed the second time)" : "FAILED"} ${file} › ${title}`;
  return [heading, ...lines.map((line) => `    ${line}`)].join("\n");
}

/** `again`: the report of the failed files when they were run once more, alone. */
export function vitestFailures(report: VitestReport, again?: VitestReport): FailedTest[] {
  const stillFailed = again?.testResults.filter(({ status }) => status === "failed").map(({ name }) => name);
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    if (status !== "failed") return [];
    const unsteady = stillFailed !== undefined && !stillFailed.includes(name);
    const file = relative(project, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0) return [{ unsteady, file, title: "the file itself", why: message }];
    return failed.map((test) => ({
      unsteady,
      file,
      title: test.fullName,
      why: test.failureMessages.join("\n"),
    }));
  });
}

export function journeyFailures({ suites = [], specs = [] }: PlaywrightSuite): FailedTest[] {
  const own = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map(({ status, results }) => ({
        unsteady: status === "flaky",
        file: `e2e/${file}`,
        title,
        why: results.find((result) => result.error)?.error?.message ?? "",
      })),
  );
  return [...own, ...suites.flatMap(journeyFailures)];
}

/** Of the reports of this run, in the order in which they were written. */
export function failedTests(): FailedTest[] {
  const journeys = readReport<PlaywrightSuite>("journeys.json");
  const vitest = ["unit", "integration"].flatMap((name) => {
    const report = readReport<VitestReport>(`${name}.json`);
    return report ? vitestFailures(report, readReport<VitestReport>(`${name}-again.json`)) : [];
  });
  return [...vitest, ...(journeys ? journeyFailures(journeys) : [])];
}
