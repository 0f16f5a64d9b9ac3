import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Coverage, noCounts, type Reason } from "#common/result.ts";
import { type Verdict, worstVerdict } from "#common/verdict.ts";
import { createTestDatabase, type TestDatabase } from "#testing/database.ts";
import { fakeFinding } from "#testing/fake-targets.ts";
import { endMutes } from "../domain/findings/end-mutes.ts";
import type { Outcome } from "../engine/execution.ts";
import { fingerprint } from "../engine/fingerprint.ts";
import { type Attempt, FenceLost } from "./attempt.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { recordOutcomes } from "./record-outcomes.ts";

let database: TestDatabase;
let place: { teamId: string; clusterId: string };
const checkId = "kubernetes/example";

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const { db } = database;
  const team = await db.team.create({ data: { slug: randomUUID(), name: "t" } });
  const cluster = await db.cluster.create({ data: { teamId: team.id, slug: "c", name: "c" } });
  place = { teamId: team.id, clusterId: cluster.id };
});

type Told = {
  target?: string;
  params?: Record<string, string>;
  version?: number;
  verdict?: Verdict;
  reason?: Reason;
  coverage?: Coverage[];
  judgedFromId?: string;
};

/** a run of one question that is about to be recorded */
async function asked({ target = "api", params = {}, version = 1, judgedFromId }: Told = {}) {
  const { db } = database;
  const run = await db.run.create({
    data: {
      ...{ teamId: place.teamId, clusterIds: [place.clusterId], requestedBy: "Ada" },
      ...{ selection: [{ id: checkId, params }], judgedFromId },
    },
  });
  await db.runPart.create({ data: { runId: run.id, ordinal: 0, ...place } });
  const row = await db.result.create({
    data: {
      ...{ runId: run.id, ...place, ordinal: 0, checkId, checkVersion: version, params },
      ...{ target, targetName: target },
    },
  });
  return { runId: run.id, row, attempt: await begin(run.id) };
}

async function begin(runId: string): Promise<Attempt> {
  const attempt = await beginAttempt(database.db, { runId, part: 0, teamId: place.teamId });
  if (!attempt) throw new Error("there was nothing to begin");
  return attempt;
}

type Found = Record<string, "warn" | "fail" | "unknown" | "pass">;
const everything: Coverage[] = [{ what: "list pods", read: 3, unit: "pods", missing: [] }];
const forbidden: Reason = { code: "forbidden", what: "list pods in namespace a" };

function outcomeOf(found: Found, { target = "api", verdict, reason, coverage = everything }: Told = {}) {
  const findings = Object.entries(found).map(([name, says]) => {
    const finding = fakeFinding(says, name);
    const { subject, code } = finding;
    const identity = { checkId, scope: place.clusterId, targetKey: target, subject, code };
    return { ...finding, fingerprint: fingerprint(identity) };
  });
  const now = new Date();
  const worst = worstVerdict(["pass", ...findings.map((finding) => finding.verdict)]);
  const outcome: Outcome = {
    ...{
      key: checkId,
      verdict: verdict ?? worst,
      reason,
      findings,
      coverage,
      measurements: [],
      pictures: [],
    },
    ...{ counts: { ...noCounts }, cost: { calls: 1, bytes: 0, throttled: 0, seconds: 0 } },
    ...{ facts: { observedAt: now.toISOString(), needs: {} }, startedAt: now, endedAt: now },
  };
  return outcome;
}

async function found(findings: Found, told: Told = {}) {
  const { row, attempt, runId } = await asked(told);
  await recordOutcomes(database.db, attempt, [{ row, outcome: outcomeOf(findings, told) }]);
  return runId;
}

async function states() {
  const rows = await database.db.findingState.findMany({ where: { clusterId: place.clusterId } });
  return Object.fromEntries(
    rows.map((row) => [
      Object(row.subject).name,
      `${row.state} ${row.verdict}${row.staleSince ? " stale" : ""}`,
    ]),
  );
}

/** Run by run; those of one result have no order of their own. */
async function events() {
  const rows = await database.db.findingEvent.findMany({
    where: { clusterId: place.clusterId },
    orderBy: { id: "asc" },
    include: { finding: true },
  });
  const told = rows.map(({ runId, kind, finding, muted }) => ({
    runId: runId ?? "~",
    words: `${kind} ${Object(finding.subject).name}${muted ? " muted" : ""}`,
  }));
  const order = (text: string, other: string) => (text < other ? -1 : Number(text > other));
  told.sort((a, b) => order(a.runId, b.runId) || order(a.words, b.words));
  return told.map(({ words }) => words);
}

test("a finding opens, gets worse and milder, is resolved and opens again", async () => {
  await found({ a: "warn", fine: "pass" });
  await found({ a: "fail", b: "warn" });
  await found({ a: "warn", b: "warn" });
  await found({ b: "warn" });
  await found({ a: "fail", b: "warn" });
  expect(await states()).toEqual({ a: "open fail", b: "open warn" });
  expect(await events()).toEqual([
    ...["opened a", "opened b", "worsened a", "eased a", "resolved a", "reopened a"],
  ]);
});

test("what was last seen says where its evidence is", async () => {
  await found({ a: "warn" });
  const runId = await found({ b: "fail", a: "warn" });
  const a = await database.db.findingState.findFirstOrThrow({
    where: { clusterId: place.clusterId, words: { startsWith: "a " } },
  });
  expect(a).toMatchObject({ lastRunId: runId, lastOrdinal: 1, checkId, target: "api", code: "found" });
  expect(a.lastSeenAt > a.firstSeenAt).toBe(true);
});

test.each<[string, Told]>([
  ["was cut short", { verdict: "unknown", reason: { code: "cancelled", what: "x" }, coverage: [] }],
  ["did not read all that it needs", { verdict: "unknown", reason: forbidden, coverage: [missing()] }],
  ["failed on the rest of what it needs", { verdict: "fail", coverage: [missing()] }],
  ["kept only some of its findings", { verdict: "fail", reason: { code: "truncated", what: "findings" } }],
  ["could not read an optional part", { coverage: [...everything, { ...missing(), optional: true }] }],
  ["has no target", { verdict: "skip", reason: { code: "no-target", what: "a host" }, coverage: [] }],
  ["found out nothing", { verdict: "unknown", coverage: [] }],
  ["is about another target", { target: "other" }],
  ["judged stored facts again", { judgedFromId: "0199aaaa-0000-7000-8000-000000000000" }],
  ["was asked with other parameters", { params: { namespace: "b" } }],
  ["is of another version of the check", { version: 2 }],
])("nothing is resolved by a result that %s", async (_, told) => {
  await found({ a: "fail" });
  await found({}, told);
  expect(await events()).toEqual(["opened a"]);
  expect((await states()).a).toMatch(/^open fail/);
});

function missing(): Coverage {
  return { what: "list nodes", read: 1, unit: "nodes", missing: [forbidden] };
}

test("found without an optional part, it is resolved without it, or with all of it", async () => {
  const partly = { coverage: [...everything, { ...missing(), optional: true }] };
  await found({ a: "fail" }, partly);
  await found({}, partly);
  expect(await states()).toEqual({ a: "resolved fail" });
  await found({ a: "fail" }, partly);
  await found({});
  expect(await states()).toEqual({ a: "resolved fail" });
});

test("absent from an answer to another question it is stale, until it is seen or resolved", async () => {
  await found({ a: "fail", b: "fail" });
  await found({}, { version: 2 });
  expect(await states()).toEqual({ a: "open fail stale", b: "open fail stale" });
  await found({ a: "fail" }, { version: 2 });
  expect(await states()).toEqual({ a: "open fail", b: "open fail stale" });
  await found({}, { version: 2 });
  expect(await states()).toEqual({ a: "resolved fail", b: "open fail stale" });
});

test("what does not apply any more, fully read, is resolved", async () => {
  await found({ a: "fail" });
  await found({}, { verdict: "skip", reason: { code: "not-applicable", what: "no pods" } });
  expect(await states()).toEqual({ a: "resolved fail" });
});

test("a muted finding stays muted when it comes back before its time, and opens after it", async () => {
  await found({ a: "warn" });
  const { db } = database;
  const where = { clusterId: place.clusterId };
  const soon = new Date(Date.now() + 3_600_000);
  await db.findingState.updateMany({ where, data: { state: "muted", mutedUntil: soon } });
  await found({});
  await found({ a: "fail" });
  expect(await states()).toEqual({ a: "muted fail" });
  await endMutes(db);
  expect(await states()).toEqual({ a: "muted fail" });
  await db.findingState.updateMany({ where, data: { mutedUntil: new Date(Date.now() - 1_000) } });
  expect(await endMutes(db)).toBeGreaterThan(0);
  expect(await states()).toEqual({ a: "open fail" });
  expect(await events()).toEqual(["opened a", "resolved a muted", "reopened a muted", "unmuted a"]);
});

test("workers that record the same at once make one event, and one that was overtaken none", async () => {
  const asks = await Promise.all(Array.from({ length: 6 }, () => asked()));
  await Promise.all(
    asks.map(({ row, attempt }) =>
      recordOutcomes(database.db, attempt, [{ row, outcome: outcomeOf({ a: "fail", b: "warn" }) }]),
    ),
  );
  expect((await events()).sort()).toEqual(["opened a", "opened b"]);

  const { row, attempt, runId } = await asked();
  const current = await begin(runId);
  const late = recordOutcomes(database.db, attempt, [{ row, outcome: outcomeOf({ c: "fail" }) }]);
  await expect(late).rejects.toThrow(FenceLost);
  expect(await states()).not.toHaveProperty("c");
  for (const _ of [1, 2]) await recordOutcomes(database.db, current, [{ row, outcome: outcomeOf({}) }]);
  expect((await events()).slice(2).sort()).toEqual(["resolved a", "resolved b"]);
});

test("the same finding twice in a result is one, as bad as the worse", async () => {
  const { row, attempt } = await asked();
  const twice = outcomeOf({ a: "warn" });
  twice.findings.push(...outcomeOf({ a: "fail" }).findings);
  await recordOutcomes(database.db, attempt, [{ row, outcome: twice }]);
  expect(await states()).toEqual({ a: "open fail" });
});

test("many findings cost a handful of statements", { timeout: 120_000 }, async () => {
  const many: Found = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`pod-${at}`, "fail"]));
  const tookMs: number[] = [];
  for (const findings of [many, many, {}]) {
    const from = performance.now();
    await found(findings);
    tookMs.push(Math.round(performance.now() - from));
  }
  expect(await database.db.findingState.count({ where: { ...place, state: "resolved" } })).toBe(5_000);
  expect(await database.db.findingEvent.count({ where: place })).toBe(10_000);
  expect(Math.max(...tookMs), tookMs.join(", ")).toBeLessThan(60_000);
});
