import { describe, expect, test } from "vitest";
import { type ChannelRule, isUrgent, type NoticeFacts, wants } from "./wants.ts";

const all: ChannelRule = {
  transitions: ["opened", "reopened", "worsened", "eased", "resolved", "not_run", "unreadable", "readable"],
  ...{ clusterIds: null, checkIds: null, minimum: "warn" },
};
const opened: NoticeFacts = {
  ...{ kind: "opened", clusterIds: ["prod"], checkIds: ["a"], verdict: "warn", previousVerdict: null },
};

test("a channel without limits is told everything", () => {
  expect(wants(all, opened)).toBe(true);
});

describe("each limit alone keeps a notice out", () => {
  test.each<[string, Partial<ChannelRule>]>([
    ["transition", { transitions: ["resolved"] }],
    ["cluster", { clusterIds: new Set(["staging"]) }],
    ["check", { checkIds: new Set(["b"]) }],
    ["least verdict", { minimum: "fail" }],
    ["no check of the runbooks is left", { checkIds: new Set() }],
  ])("%s", (_name, limit) => {
    expect(wants({ ...all, ...limit }, opened)).toBe(false);
  });
});

test("unknown outranks warn and is below fail", () => {
  const unknown = { ...opened, verdict: "unknown" as const };
  expect(wants({ ...all, minimum: "unknown" }, unknown)).toBe(true);
  expect(wants({ ...all, minimum: "unknown" }, opened)).toBe(false);
  expect(wants({ ...all, minimum: "fail" }, unknown)).toBe(false);
});

test("what only warns now is told to whoever heard that it fails", () => {
  const eased = { ...opened, kind: "eased" as const, previousVerdict: "fail" as const };
  expect(wants({ ...all, minimum: "fail" }, eased)).toBe(true);
});

test("the least verdict is about findings alone; a schedule counts with any of its clusters and checks", () => {
  const notRun = {
    ...opened,
    kind: "not_run" as const,
    clusterIds: ["prod", "staging"],
    checkIds: ["a", "b"],
  };
  const rule = {
    ...all,
    minimum: "fail" as const,
    clusterIds: new Set(["staging"]),
    checkIds: new Set(["b"]),
  };
  expect(wants(rule, notRun)).toBe(true);
  expect(wants({ ...rule, checkIds: new Set(["c"]) }, notRun)).toBe(false);
});

test("only what begins to fail is urgent", () => {
  expect(isUrgent({ kind: "worsened", verdict: "fail" })).toBe(true);
  expect(isUrgent({ kind: "resolved", verdict: "fail" })).toBe(false);
  expect(isUrgent({ kind: "opened", verdict: "unknown" })).toBe(false);
});
