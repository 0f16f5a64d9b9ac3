import { describe, expect, test } from "vitest";
import type { Coverage, Finding, ReasonCode } from "#common/result.ts";
import { type Verdict, verdicts } from "#common/verdict.ts";
import { fakeCheck, fakeFinding } from "#testing/fake-targets.ts";
import { kinds, kubernetes } from "../checks/needs/kubernetes.ts";
import { optional } from "../checks/needs/need.ts";
import { judgeFacts } from "./judge.ts";

const observedAt = new Date("2026-01-05T03:00:00Z");
const needs = {
  pods: kubernetes.list(kinds.Pod, () => 1),
  nodes: kubernetes.list(kinds.Node, () => 1),
  services: optional(kubernetes.list(kinds.Service, () => 1)),
};
const read = { pods: [], nodes: [], services: [] };
const full: Coverage = { what: "list pods", read: 3, unit: "pods", missing: [] };
const part: Coverage = {
  ...full,
  missing: [{ code: "forbidden", what: "list pods in namespace payments" }],
};
const unread = (code: ReasonCode) => ({ unread: { code, what: "list pods" } });

function judge(findings: Finding[], coverage: Coverage[] = [full], facts: Record<string, unknown> = read) {
  return judgeFacts(
    fakeCheck("kubernetes/x", needs, () => findings),
    {},
    facts,
    observedAt,
    coverage,
  );
}

describe("the verdict by what was found and what was read", () => {
  const table: [found: Finding["verdict"][], whole: Verdict, inPart: Verdict][] = [
    [[], "pass", "unknown"],
    [["pass"], "pass", "unknown"],
    [["warn"], "warn", "unknown"],
    [["unknown"], "unknown", "unknown"],
    [["fail"], "fail", "fail"],
    [["warn", "unknown", "fail", "pass"], "fail", "fail"],
    [["warn", "unknown"], "unknown", "unknown"],
  ];
  test.each(table)("%j: %s, read in part: %s", (found, whole, inPart) => {
    const findings = found.map((verdict, index) => fakeFinding(verdict, `pod-${index}`));
    expect(judge(findings).verdict).toBe(whole);
    const partial = judge(findings, [full, part]);
    expect(partial.verdict).toBe(inPart);
    expect(partial.findings).toHaveLength(found.length);
    expect(partial.reason).toEqual(inPart === "fail" ? undefined : part.missing[0]);
  });

  test("what an optional need misses takes nothing away", () => {
    expect(judge([], [full, { ...part, optional: true }]).verdict).toBe("pass");
  });
});

describe("a required need that was not read", () => {
  const skips: ReasonCode[] = ["not-served", "no-target", "not-supplied", "not-applicable"];
  const unknowns: ReasonCode[] = [
    "forbidden",
    "unauthorized",
    "unreachable",
    "refused-address",
    "timed-out",
    "truncated",
    "throttled",
    "changed-while-reading",
    "server-error",
    "not-found",
    "not-permitted",
    "tool-missing",
    "malformed",
    "cancelled",
    "credential-unreadable",
    "internal",
  ];
  const neverJudged = () => {
    throw new Error("judged all the same");
  };
  const check = fakeCheck("kubernetes/x", needs, neverJudged);

  test.each(skips)("%s: skip, and no judge", (code) => {
    const judged = judgeFacts(check, {}, { ...read, pods: unread(code) }, observedAt, []);
    expect(judged).toMatchObject({ verdict: "skip", reason: { code, what: "list pods" }, findings: [] });
  });
  test.each(unknowns)("%s: unknown, and no judge", (code) => {
    const judged = judgeFacts(check, {}, { ...read, pods: unread(code) }, observedAt, []);
    expect(judged).toMatchObject({ verdict: "unknown", reason: { code, what: "list pods" }, findings: [] });
  });
  test("one that may hide a failure outranks one that does not apply", () => {
    const facts = { ...read, pods: unread("not-served"), nodes: unread("forbidden") };
    expect(judgeFacts(check, {}, facts, observedAt, [])).toMatchObject({
      verdict: "unknown",
      reason: { code: "forbidden" },
    });
  });
  test("a fact that is not there at all is malformed", () => {
    const { pods: _, ...rest } = read;
    expect(judgeFacts(check, {}, rest, observedAt, [])).toMatchObject({
      verdict: "unknown",
      reason: { code: "malformed", what: "list pods" },
    });
  });
});

test("an optional need that was not read reaches the judge with its reason", () => {
  let seen: unknown;
  const check = fakeCheck("kubernetes/x", needs, (facts) => {
    seen = facts.services;
    return [];
  });
  const facts = { ...read, services: unread("forbidden") };
  expect(judgeFacts(check, {}, facts, observedAt, [full]).verdict).toBe("pass");
  expect(seen).toEqual(unread("forbidden"));
});

test("a judge that throws makes unknown, not a crash", () => {
  const check = fakeCheck("kubernetes/x", needs, () => {
    throw new Error("cannot read properties of undefined");
  });
  expect(judgeFacts(check, {}, read, observedAt, [full])).toMatchObject({
    verdict: "unknown",
    reason: { code: "internal", what: "judge kubernetes/x", detail: "cannot read properties of undefined" },
  });
});

test("a judge may say that it does not apply, but not of what was read in part", () => {
  const check = {
    ...fakeCheck("kubernetes/x", needs),
    judge: () => ({ skip: { what: "no pod uses the host network" } }),
  };
  expect(judgeFacts(check, {}, read, observedAt, [full])).toMatchObject({
    verdict: "skip",
    reason: { code: "not-applicable", what: "no pod uses the host network" },
  });
  expect(judgeFacts(check, {}, read, observedAt, [part])).toMatchObject({
    verdict: "unknown",
    reason: { code: "forbidden" },
  });
});

test("findings come worst first, then by subject, and are counted", () => {
  const judged = judge([
    fakeFinding("warn", "b"),
    fakeFinding("fail", "z"),
    fakeFinding("pass", "a"),
    fakeFinding("fail", "c", { subject: { kind: "Pod", namespace: "zoo", name: "a" } }),
    fakeFinding("warn", "a"),
  ]);
  expect(
    judged.findings.map(({ verdict, subject }) => `${verdict} ${subject.namespace ?? ""}/${subject.name}`),
  ).toEqual(["fail /z", "fail zoo/a", "warn /a", "warn /b", "pass /a"]);
  expect(judged.counts).toEqual({ pass: 1, warn: 2, fail: 2, unknown: 0, skip: 0 });
  expect(verdicts).toHaveLength(Object.keys(judged.counts).length);
});
