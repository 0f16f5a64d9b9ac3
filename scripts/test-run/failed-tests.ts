// Which tests failed, by name and with the first lines of why, for the very end of a long output.
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { project } from "../launcher/project.ts";
import { readReport } from "./counts.ts";

type VitestReport = {
  testResults: {
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
    ok: boolean;
    tests: { results: { error?: { message?: string } }[] }[];
  }[];
};

const shownLines = 12;

function entry(file: string, title: string, why: string): string {
  const lines = stripVTControlCharacters(why).trim().split("\n").slice(0, shownLines);
  return [`FAILED ${file} › ${title}`, ...lines.map((line) => `    ${line}`)].join("\n");
}

export function vitestFailures(report: VitestReport): string[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(project, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (status === "failed" && failed.length === 0) return [entry(file, "the file itself", message)];
    return failed.map((test) => entry(file, test.fullName, test.failureMessages.join("\n")));
  });
}

export function journeyFailures({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const own = specs
    .filter(({ ok }) => !ok)
    .map(({ file, title, tests }) => {
      const results = tests.flatMap((test) => test.results);
      return entry(`e2e/${file}`, title, results.find((result) => result.error)?.error?.message ?? "");
    });
  return [...own, ...suites.flatMap(journeyFailures)];
}

/** Of the reports of this run, in the order in which they were written. */
export function failedTests(): string[] {
  const journeys = readReport<PlaywrightSuite>("journeys.json");
  const vitest = ["unit.json", "integration.json"].flatMap((name) => {
    const report = readReport<VitestReport>(name);
    return report ? vitestFailures(report) : [];
  });
  return [...vitest, ...(journeys ? journeyFailures(journeys) : [])];
}
