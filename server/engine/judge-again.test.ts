import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Check, defineCheck } from "../checks/define-check.ts";
import { host } from "../checks/needs/host.ts";
import { checks } from "../checks/registry.gen.ts";
import { createRedactor } from "../redact.ts";
import { judgeAgain, type Stored, storedFactsSchema } from "./judge-again.ts";
import { needIdentities } from "./need-identity.ts";
import { needWords } from "./need-words.ts";
import { recordJudgement } from "./outcome.ts";

const options = { scope: "a cluster", findingsPerResult: 1_000, redactor: createRedactor([]) };
const words = { en: "x", "zh-CN": "某" };

/** Facts as a run stores them: through JSON, with the coverage that was theirs. */
function stored(check: Check, params: Record<string, unknown>, needs: Record<string, unknown>): Stored {
  const asked = needIdentities(check, params);
  const text = JSON.stringify({ observedAt: "2026-01-02T03:04:05.000Z", needs, asked });
  const coverage = Object.values(check.needs(params)).map((need) => ({
    ...needWords(need),
    read: 1,
    missing: [],
    ...(need.optional ? { optional: true } : {}),
  }));
  return { ...storedFactsSchema.parse(JSON.parse(text)), checkVersion: check.version, params, coverage };
}

describe.each(checks.map((check) => [check.id, check] as const))("%s", (id, check) => {
  const folder = join(import.meta.dirname, "../checks", `${id}.facts`);
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];

  test.each(files)("%s: judged again it says what it said", (file) => {
    const recorded = JSON.parse(readFileSync(join(folder, file), "utf8"));
    const params = check.params.parse(recorded.params ?? {}) as Record<string, unknown>;
    const was = { ...stored(check, params, recorded.facts), observedAt: new Date(recorded.observedAt) };
    const asked = { check, params, targetKey: "target" };
    const { observedAt, coverage } = was;
    const first = recordJudgement(asked, { facts: recorded.facts, coverage, observedAt }, options);
    expect(judgeAgain(asked, was, options)).toEqual(first);
    expect(judgeAgain(asked, { ...was, asked: undefined }, options)).toEqual(first);
  });
});

const limits = z.object({ warnAbove: z.number(), path: z.string() });

function checkOf(version: number, keep: (text: string) => number = Number): Check {
  return defineCheck({
    id: "host/example",
    version,
    title: words,
    why: words,
    remedy: words,
    params: limits,
    needs: ({ path }) => ({ load: host.file(path, keep) }),
    judge: ({ load }, { warnAbove }) => ({
      findings:
        load > warnAbove
          ? [{ verdict: "fail", code: "high", subject: { kind: "host", name: "a" }, message: words }]
          : [],
    }),
  });
}

const before = { warnAbove: 10, path: "/proc/loadavg" };
const was = stored(checkOf(1), before, { load: 7 });
const again = (check: Check, params: Record<string, unknown>, from = was) =>
  judgeAgain({ check, params, targetKey: "host" }, from, options);

test("another threshold judges the same facts otherwise", () => {
  expect(again(checkOf(1), before).verdict).toBe("pass");
  expect(again(checkOf(1), { ...before, warnAbove: 5 }).verdict).toBe("fail");
});

test("what is now read elsewhere or otherwise was not read: never green", () => {
  const reason = { code: "not-recorded", what: "/proc/uptime" };
  const elsewhere = again(checkOf(1), { ...before, path: "/proc/uptime" });
  expect(elsewhere).toMatchObject({ verdict: "unknown", reason, findings: [] });
  expect(elsewhere.coverage).toEqual([{ what: "/proc/uptime", unit: "files", read: 0, missing: [reason] }]);
  const otherwise = again(
    checkOf(2, (text) => text.length),
    before,
  );
  expect(otherwise).toMatchObject({ verdict: "unknown", reason: { code: "not-recorded" } });
});

test("a newer version that reads the same may judge", () => {
  expect(again(checkOf(2), before).verdict).toBe("pass");
});

test("facts that do not say how they were read earn a newer version no pass, and still show a failure", () => {
  const older = { ...was, asked: undefined };
  expect(again(checkOf(1), before, older).verdict).toBe("pass");
  expect(again(checkOf(2), before, older)).toMatchObject({
    verdict: "unknown",
    reason: { code: "not-recorded" },
  });
  expect(again(checkOf(2), { ...before, warnAbove: 5 }, older).verdict).toBe("fail");
});

test("what was read in part stays in part", () => {
  const missing = [{ code: "timed-out" as const, what: "/proc/loadavg" }];
  const part = { ...was, coverage: was.coverage.map((each) => ({ ...each, missing })) };
  expect(again(checkOf(1), before, part)).toMatchObject({ verdict: "unknown", reason: missing[0] });
});

test("facts that were lost are not taken for empty ones", () => {
  expect(again(checkOf(1), before, { ...was, needs: {}, coverage: [] }).verdict).toBe("unknown");
});
