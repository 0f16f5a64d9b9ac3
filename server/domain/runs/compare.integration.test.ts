import { afterAll, beforeAll, expect, test } from "vitest";
import type { Prisma } from "#generated/prisma/client.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeFindings, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { compareRun } from "./compare.ts";

let instance: TestInstance;
let ctx: TeamContext;
let place: { db: TestInstance["db"]; teamId: string; clusterId: string };

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "viewer");
});
afterAll(() => instance.close());

type Findings = Parameters<typeof makeFindings>[2];
type Ran = { run?: Parameters<typeof makeRun>[1]; result?: Partial<Prisma.ResultUncheckedCreateInput> };

async function ran(findings: Findings, { run, result }: Ran = {}): Promise<string> {
  const { id: runId } = await makeRun(place, run);
  const { id: resultId } = await makeResult(place, runId, result);
  await makeFindings(instance.db, { runId, resultId }, findings);
  return runId;
}

async function newCluster(slug: string) {
  const { db } = instance;
  const { id } = await makeCluster({ db, teamId: ctx.team.id }, slug);
  place = { db, teamId: ctx.team.id, clusterId: id };
}

test("tells new, fixed, changed and same apart by fingerprint; all-is-well is no news", async () => {
  await newCluster("four-ways");
  const before = await ran([
    { fingerprint: "same" },
    { fingerprint: "worse", verdict: "warn" },
    { fingerprint: "other-value", observed: "1" },
    { fingerprint: "fixed" },
    { fingerprint: "became-good" },
    { fingerprint: "good-before", verdict: "pass" },
  ]);
  const after = await ran([
    { fingerprint: "same" },
    { fingerprint: "worse", verdict: "fail" },
    { fingerprint: "other-value", observed: "2" },
    { fingerprint: "became-good", verdict: "pass" },
    { fingerprint: "new", verdict: "warn" },
    { fingerprint: "good-now", verdict: "pass" },
  ]);
  const compared = await compareRun({ ctx, input: { runId: after } });
  expect(compared.before?.id).toBe(before);
  const [check] = compared.checks;
  expect(check?.incomparable).toBeNull();
  expect(check?.counts).toEqual({ new: 1, fixed: 2, changed: 2, same: 1 });
  expect(check?.new.map((each) => each.fingerprint)).toEqual(["new"]);
  expect(check?.fixed.map((each) => each.fingerprint)).toEqual(["fixed", "became-good"]);
  expect(check?.same.map((each) => each.fingerprint)).toEqual(["same"]);
  const changed = check?.changed.map((each) => [
    each.before.fingerprint,
    each.before.verdict,
    each.before.observed,
    each.after.verdict,
    each.after.observed,
  ]);
  expect(changed).toEqual([
    ["worse", "warn", undefined, "fail", undefined],
    ["other-value", "fail", "1", "fail", "2"],
  ]);
});

const missing = [
  { what: "list pods", read: 9, unit: "pods", missing: [{ code: "forbidden", what: "list" }] },
];

test.each([
  ["not-read-fully", { verdict: "unknown", reason: { code: "forbidden", what: "list pods" } }],
  ["not-read-fully", { coverage: missing }],
  ["different-version", { checkVersion: 2 }],
  ["different-params", { params: { warnPercent: 7 } }],
  ["skipped", { verdict: "skip" }],
  ["not-finished", { verdict: null, phase: "reading" }],
] as const)("what was found no more is not called fixed when it is %s", async (why, result) => {
  await newCluster(`incomparable-${why}-${Object.keys(result)[0]}`.toLowerCase());
  const before = await ran([{ fingerprint: "there" }]);
  const after = await ran([], { result: JSON.parse(JSON.stringify(result)) });
  for (const [runId, other] of [
    [after, before],
    [before, after],
  ] as const) {
    const { checks } = await compareRun({ ctx, input: { runId, with: other } });
    expect(checks[0]).toMatchObject({ incomparable: why, counts: { new: 0, fixed: 0, changed: 0, same: 0 } });
  }
});

test("without a name it takes the newest ended run of the same runbook and cluster with these checks", async () => {
  await newCluster("previous");
  const run = { runbook: "host-ports", checks: ["kubernetes/a", "kubernetes/b"] };
  const covering = await ran([], { run });
  await ran([], { run: { ...run, checks: ["kubernetes/a"] } });
  await ran([], { run: { ...run, runbook: "other" } });
  await ran([], { run: { ...run, status: "cancelled" } });
  const after = await ran([], { run });
  expect((await compareRun({ ctx, input: { runId: after } })).before?.id).toBe(covering);
  const alone = await compareRun({ ctx, input: { runId: covering } });
  expect(alone).toMatchObject({ before: null, checks: [] });
});

test("a check that one run skipped and the other did not ask is left out", async () => {
  await newCluster("skips");
  const skipped = { checkId: "host/a", verdict: "skip" } as const;
  const a = await ran([], { result: skipped });
  const b = await ran([{ fingerprint: "x" }], { result: { checkId: "kubernetes/b" } });
  const { checks } = await compareRun({ ctx, input: { runId: b, with: a } });
  expect(checks.map((check) => check.checkId)).toEqual(["kubernetes/b"]);
});

test("checks of one run only, and other clusters, are named and not counted", async () => {
  await newCluster("here");
  const a = await ran([{ fingerprint: "x" }], { result: { checkId: "kubernetes/a" } });
  const b = await ran([{ fingerprint: "x" }], { result: { checkId: "kubernetes/b" } });
  const { checks } = await compareRun({ ctx, input: { runId: b, with: a } });
  expect(checks.map((check) => [check.checkId, check.incomparable]).sort()).toEqual([
    ["kubernetes/a", "only-before"],
    ["kubernetes/b", "only-after"],
  ]);
  await newCluster("there");
  const c = await ran([{ fingerprint: "x" }], { result: { checkId: "kubernetes/b" } });
  const across = await compareRun({ ctx, input: { runId: c, with: b } });
  expect(across.checks[0]?.incomparable).toBe("different-cluster");
});

test("shows at most 200 of a kind and counts all", async () => {
  await newCluster("many");
  await ran([]);
  const after = await ran(
    Array.from({ length: 250 }, (_, index) => ({
      fingerprint: `f${index}`,
      verdict: index === 249 ? ("fail" as const) : ("warn" as const),
    })),
  );
  const [check] = (await compareRun({ ctx, input: { runId: after } })).checks;
  expect(check?.counts.new).toBe(250);
  expect(check?.new).toHaveLength(200);
  expect(check?.new[0]?.fingerprint).toBe("f249");
});

test("another team's run is not there to compare with", async () => {
  await newCluster("ours");
  const ours = await ran([]);
  const other = await instance.team();
  const { db } = instance;
  const cluster = await makeCluster({ db, teamId: other.id }, "theirs");
  const theirs = await makeRun({ db, teamId: other.id, clusterId: cluster.id });
  await expect(compareRun({ ctx, input: { runId: ours, with: theirs.id } })).rejects.toMatchObject({
    code: "not-found",
  });
});

test("the same facts judged twice are compared whatever the parameters and the version, with no other run by default", async () => {
  await newCluster("judged");
  const before = await ran([{ fingerprint: "there" }]);
  const { id: factsResultId } = await instance.db.result.findFirstOrThrow({ where: { runId: before } });
  const after = await ran([], {
    run: { judgedFromId: before },
    result: {
      ...{ factsRunId: before, factsResultId, checkVersion: 2 },
      verdict: "pass",
      params: { warnPercent: 3 },
    },
  });
  const later = await ran([]);
  const { before: other, checks } = await compareRun({ ctx, input: { runId: after } });
  expect(other?.id).toBe(before);
  expect(checks[0]).toMatchObject({ incomparable: null, counts: { fixed: 1 } });
  expect((await compareRun({ ctx, input: { runId: later } })).before?.id).toBe(before);
});
