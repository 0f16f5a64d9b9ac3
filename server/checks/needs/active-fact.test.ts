import { expect, test } from "vitest";
import { notMeasured } from "./active-fact.ts";

const subject = { kind: "host", name: "host" };
const missing = (detail?: string) =>
  notMeasured(
    { unread: { code: "tool-missing", what: "run hyperfine", ...(detail ? { detail } : {}) } },
    { tool: "hyperfine", subject },
  );

test("a tool that is missing is named, with its package in each family", () => {
  expect(missing("tool-missing: hyperfine is not installed")).toEqual({
    skip: {
      what: "hyperfine",
      detail:
        "not installed: apt-get install hyperfine, dnf install hyperfine (on RHEL from EPEL), or apk add hyperfine",
    },
  });
});

test("what is missing may be a program around it", () => {
  expect(missing("tool-missing: base64 is not installed")).toMatchObject({
    skip: { what: "base64", detail: expect.stringContaining("apk add coreutils") },
  });
});

test("all else is not known", () => {
  const unread = { code: "timed-out", what: "run hyperfine" } as const;
  expect(notMeasured({ unread }, { tool: "hyperfine", subject })).toMatchObject({
    findings: [{ verdict: "unknown", code: "not-measured" }],
  });
});
