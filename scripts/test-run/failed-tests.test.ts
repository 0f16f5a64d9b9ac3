import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../launcher/project.ts";
import { journeyFailures, vitestFailures } from "./failed-tests.ts";

test("a failed test is named with its file and the first lines of why, without colours", () => {
  const name = join(project, "server/plan.test.ts");
  const failed = {
    fullName: "plan > lists once",
    status: "failed",
    failureMessages: ["\u001b[31mexpected 1\u001b[39m"],
  };
  const passed = { fullName: "plan > merges", status: "passed", failureMessages: [] };
  const report = {
    testResults: [{ name, status: "failed", message: "", assertionResults: [passed, failed] }],
  };
  expect(vitestFailures(report)).toEqual(["FAILED server/plan.test.ts › plan > lists once\n    expected 1"]);
});

test("a file that could not be loaded is named too", () => {
  const name = join(project, "server/plan.test.ts");
  const report = {
    testResults: [{ name, status: "failed", message: "Cannot find module", assertionResults: [] }],
  };
  expect(vitestFailures(report)).toEqual([
    "FAILED server/plan.test.ts › the file itself\n    Cannot find module",
  ]);
});

test("a failed journey is found however deep it lies", () => {
  const result = { error: { message: "Timeout" } };
  const spec = { title: "runs", file: "runs.spec.ts", ok: false, tests: [{ results: [result] }] };
  expect(journeyFailures({ suites: [{ suites: [{ specs: [spec, { ...spec, ok: true }] }] }] })).toEqual([
    "FAILED e2e/runs.spec.ts › runs\n    Timeout",
  ]);
});
