// How many tests passed and failed, from the JSON reports of the runners.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../launcher/project.ts";

export type Counts = { passed: number; failed: number };

/** A report of the last run below `test-results/`, if that runner came so far. */
export function readReport<T>(name: string): T | undefined {
  const path = join(project, "test-results", name);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}

export function vitestCounts(name: string): Counts {
  const report = readReport<{ numPassedTests: number; numFailedTests: number }>(name);
  return { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 };
}

export function playwrightCounts(name: string): Counts {
  const report = readReport<{ stats: { expected: number; flaky: number; unexpected: number } }>(name);
  const { expected = 0, flaky = 0, unexpected = 0 } = report?.stats ?? {};
  return { passed: expected + flaky, failed: unexpected };
}

export function add(...all: readonly Counts[]): Counts {
  return all.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** A runner that ended badly without naming a failed test has failed all the same. */
export function atLeastOneFailure(counts: Counts, ok: boolean): Counts {
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}
