import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import {
  hostileNames,
  hostileReport,
  sampleFinding,
  sampleReport,
  sampleResult,
  textOf,
} from "#testing/report-samples.ts";
import { writeJunit } from "./write-junit.ts";
import { writeSarif } from "./write-sarif.ts";

/** By the tools that read them: libxml2 with Jenkins' schema, and the schema of SARIF itself. */

function xmllint(text: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync("xmllint", ["--nonet", ...args, "-"], {
    input: text,
    encoding: "utf8",
  });
  return { status, stdout: stdout.trim(), stderr };
}
const followsSchema = (text: string) =>
  xmllint(text, "--noout", "--schema", "testing/schemas/jenkins-junit.xsd");

describe("JUnit", () => {
  test("hostile names make no XML that Jenkins' schema refuses", async () => {
    const text = await textOf(writeJunit(hostileReport()));
    expect(followsSchema(text)).toMatchObject({ status: 0 });
    const names = xmllint(text, "--xpath", "//failure/text()").stdout;
    expect(names).toContain("half \ufffd pair \ufffd");
    expect(text).not.toContain("<script>");
  });

  test("counts are those of the cases, in every suite and above all of them", async () => {
    const many = Array.from({ length: 450 }, (_, index) => sampleResult(index % 3 === 0 ? "warn" : "pass"));
    const others = [sampleResult("unknown"), sampleResult("skip"), sampleResult("fail")].map((result) => ({
      ...result,
      cluster: "other",
    }));
    const text = await textOf(
      writeJunit(sampleReport([...many, ...others], { error: "the worker went away" })),
    );
    expect(followsSchema(text).status).toBe(0);
    const number = (query: string) => Number(xmllint(text, "--xpath", query).stdout);
    expect(number("count(//testsuite)")).toBe(5);
    expect(number("count(//testcase)")).toBe(454);
    for (const [count, element] of [
      ["failures", "failure"],
      ["errors", "error"],
    ]) {
      expect(number(`number(/testsuites/@${count})`)).toBe(number(`count(//${element})`));
      expect(number(`sum(//testsuite/@${count})`)).toBe(number(`count(//${element})`));
    }
    expect(number("number(/testsuites/@tests)")).toBe(454);
    expect(number("sum(//testsuite/@tests)")).toBe(454);
    expect(number("sum(//testsuite/@skipped)")).toBe(1);
    expect(xmllint(text, "--xpath", "//testsuite/@name").stdout.replace(/\s+/g, " ")).toBe(
      'name="prod" name="prod (2)" name="prod (3)" name="other" name="Run"',
    );
  });

  test("a warning is a failure of that type, what was not found out an error", async () => {
    const reason = { code: "timed-out", what: "list pods" } as const;
    const results = [
      sampleResult("warn", {
        findings: [sampleFinding("web-0", { verdict: "warn", observed: "3", expected: "1" })],
      }),
      sampleResult("unknown", { reason }),
    ];
    const text = await textOf(writeJunit(sampleReport(results)));
    expect(text).toContain(
      '<failure type="warn" message="WARN  Pod payments/web-0: web-0 is wrong (observed: 3; expected: 1)">',
    );
    expect(text).toContain(
      '<error type="unknown" message="timed-out: list pods">timed-out: list pods</error>',
    );
  });
});

describe("SARIF", () => {
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  addFormats(ajv);
  const follows = ajv.compile(JSON.parse(readFileSync("testing/schemas/sarif-2.1.0.json", "utf8")));

  async function read(report: Parameters<typeof writeSarif>[0]) {
    const log = JSON.parse(await textOf(writeSarif(report)));
    follows(log);
    expect(follows.errors).toBeNull();
    return log.runs[0];
  }

  test("hostile names follow the schema and make no link", async () => {
    const run = await read(hostileReport());
    expect(run.results).toHaveLength(hostileNames.length * 4 + 1);
    const messages = [...run.results, ...run.invocations[0].toolExecutionNotifications].map(
      ({ message }) => message.text,
    );
    expect(messages.filter((text) => text.includes("]("))).toEqual([]);
    expect(run.invocations[0].executionSuccessful).toBe(false);
    expect(run.invocations[0].toolExecutionNotifications).toHaveLength(hostileNames.length + 1);
  });

  test("a finding has a rule, a fingerprint, and the line of its document", async () => {
    const known = {
      id: "document/dockerfile-args",
      why: { en: "Why", "zh-CN": "原因" },
      remedy: { en: "What to do", "zh-CN": "办法" },
    };
    const subject = { kind: "document", name: "Dockerfile", part: "line 3, column 8: PORT" };
    const report = sampleReport([
      sampleResult("warn", { findings: [sampleFinding("web-0", { verdict: "warn" })] }),
      sampleResult("fail", { check: known.id, findings: [sampleFinding("PORT", { subject })] }),
    ]);
    const { results, tool, invocations } = await read({ ...report, checks: [known as never] });
    expect(results[0]).toMatchObject({
      level: "warning",
      partialFingerprints: { "weekbookFinding/v1": "of web-0" },
      locations: [{ logicalLocations: [{ fullyQualifiedName: "prod/payments/Pod/web-0", kind: "Pod" }] }],
    });
    expect(results[1].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "Dockerfile" },
      region: { startLine: 3, startColumn: 8 },
    });
    expect(tool.driver.rules[results[1].ruleIndex]).toMatchObject({
      id: known.id,
      fullDescription: { text: "Why" },
      help: { text: "Why\n\nWhat to do" },
    });
    expect(invocations[0].executionSuccessful).toBe(true);
  });

  test("what was not found out is told up to a thousand times, and then how often besides", async () => {
    const results = Array.from({ length: 1_234 }, () => sampleResult("unknown"));
    const { invocations } = await read(sampleReport(results));
    expect(invocations[0].toolExecutionNotifications).toHaveLength(1_001);
    expect(invocations[0].toolExecutionNotifications.at(-1).message.text).toMatch(/^234 more/);
  });
});
