import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../launcher/project.ts";
import { inWords, journeyFailures, type VitestReport, vitestFailures } from "./failed-tests.ts";

const name = join(project, "server/plan.test.ts");
const failed = {
  fullName: "plan > lists once",
  status: "failed",
  failureMessages: ["\u001b[31mexpected 1\u001b[39m"],
};
const passed = { fullName: "plan > merges", status: "passed", failureMessages: [] };

function report(status: string, assertionResults: VitestReport["testResults"][number]["assertionResults"]) {
  return { testResults: [{ name, status, message: "Cannot find module", assertionResults }] };
}

test("a failed test is named with its file and the first lines of why, without colours", () => {
  expect(vitestFailures(report("failed", [passed, failed])).map(inWords)).toEqual([
    "FAILED server/plan.test.ts › plan > lists once\n    expected 1",
  ]);
});

test("a file that could not be loaded is named too", () => {
  expect(vitestFailures(report("failed", [])).map(inWords)).toEqual([
    "FAILED server/plan.test.ts › the file itself\n    Cannot find module",
  ]);
});

test("what passes when it is run once more is unsteady, what fails again has failed", () => {
  const first = report("failed", [failed]);
  expect(vitestFailures(first, report("passed", [passed]))).toMatchObject([{ unsteady: true }]);
  expect(vitestFailures(first, report("failed", [failed]))).toMatchObject([{ unsteady: false }]);
});

test("a failed journey is found however deep it lies", () => {
  const results = [{ error: { message: "Timeout" } }];
  const spec = (status: string) => ({ title: status, file: "runs.spec.ts", tests: [{ status, results }] });
  const specs = [spec("unexpected"), spec("expected"), spec("flaky")];
  expect(journeyFailures({ suites: [{ suites: [{ specs }] }] }).map(inWords)).toEqual([
    "FAILED e2e/runs.spec.ts › unexpected\n    Timeout",
    "UNSTEADY (passed the second time) e2e/runs.spec.ts › flaky\n    Timeout",
  ]);
});
