import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Run, RunPart } from "#generated/prisma/client.ts";
import { createTestDatabase, type TestDatabase } from "#testing/database.ts";
import { ask, fakeCheck, fakeCluster, fakeFinding } from "#testing/fake-targets.ts";
import { kinds, kubernetes } from "../checks/needs/kubernetes.ts";
import type { Target } from "../connectors/connector.ts";
import { execute } from "../engine/execute.ts";
import type { Outcome } from "../engine/execution.ts";
import { type Attempt, FenceLost } from "./attempt.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { finishPart } from "./end-part.ts";
import { createRunNotices } from "./live-events.ts";
import { createProgressWriter } from "./progress-writer.ts";
import { type OpenQueue, openQueue } from "./queue.ts";
import { recordOutcomes } from "./record-outcomes.ts";
import { createRunChecks } from "./run-checks.ts";
import { createResults } from "./run-results.ts";
import { sweepRuns } from "./sweep.ts";

let database: TestDatabase;
let queue: OpenQueue;
let place: { teamId: string; clusterId: string };
const part = 0;

const pods = kubernetes.list(kinds.Pod, (pod) => pod.metadata?.name);
const check = fakeCheck("kubernetes/example", { pods }, (facts) =>
  (facts.pods as string[]).map((name) => fakeFinding("fail", name, { observed: "a\u0000b\ud800" })),
);
const library = [check];
const oneCost = { calls: 1, bytes: 0, throttled: 0 };

beforeAll(async () => {
  database = await createTestDatabase();
  queue = await openQueue({ url: database.url, role: "web", onError: () => {} });
  const team = await database.db.team.create({ data: { slug: "t", name: "t" } });
  const cluster = await database.db.cluster.create({ data: { teamId: team.id, slug: "c", name: "c" } });
  place = { teamId: team.id, clusterId: cluster.id };
});
afterAll(async () => {
  await queue.stop();
  await database.close();
});

async function insertRun(data: Partial<Run> = {}, ofPart: Partial<RunPart> = {}) {
  const selection = [{ id: check.id, params: {} }];
  const { error: _, counts: __, cost: ___, ...rest } = data;
  const { hosts: ____, error: _____, cost: ______, ...partRest } = ofPart;
  const { teamId, clusterId } = place;
  const run = await database.db.run.create({
    data: { teamId, clusterIds: [clusterId], requestedBy: "Ada", ...rest, selection },
  });
  const { id: runId, status } = run;
  await database.db.runPart.create({
    data: { runId, ordinal: part, teamId, clusterId, status, ...partRest },
  });
  return run;
}

async function begin(runId: string): Promise<Attempt> {
  const attempt = await beginAttempt(database.db, { runId, part, teamId: place.teamId });
  if (!attempt) throw new Error("there was nothing to begin");
  return attempt;
}

async function rowOf(attempt: Attempt, target: Target) {
  const question = ask(check, target, { key: `${check.id} ${target.key}` });
  const asked = {
    ...{ key: question.key, checkId: check.id, checkVersion: 1, params: {} },
    ...{ target: target.key, targetName: target.name, question },
  };
  const row = (await createResults(database.db, attempt, [asked])).get(question.key);
  if (!row) throw new Error("no row was made");
  return { row, question };
}

async function outcomeFor(question: Parameters<typeof execute>[0][number]): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  await execute([question], {
    scope: place.clusterId,
    signal: new AbortController().signal,
    onEvent: (event) => {
      if (event.type === "outcome") outcomes.push(event.outcome);
    },
  });
  const [outcome] = outcomes;
  if (!outcome) throw new Error("no outcome");
  return outcome;
}

const words = { en: "One pod", "zh-CN": "一个 Pod" };
const drawn = {
  ...{ id: "pods", title: words, summary: words, edges: [] },
  nodes: [{ id: "web-0", column: 0, label: "web-0" }],
};

async function everythingOf(runId: string) {
  const { db } = database;
  const where = { runId };
  return {
    run: await db.run.findUnique({ where: { id: runId } }),
    parts: await db.runPart.findMany({ where, orderBy: { ordinal: "asc" } }),
    results: await db.result.findMany({ where }),
    findings: await db.finding.findMany({ where }),
    measurements: await db.measurement.count({ where }),
    pictures: await db.picture.findMany({ where }),
    facts: await db.facts.count({ where }),
    states: await db.checkState.findMany({ where }),
  };
}

describe("the fence", () => {
  test("an attempt that another has followed writes nothing: no outcome, no progress, no end", async () => {
    const run = await insertRun();
    const { target } = fakeCluster({ pods: { pages: [[{ metadata: { name: "web-0" } }]] } });
    const stale = await begin(run.id);
    const { row, question } = await rowOf(stale, target);
    const outcome = await outcomeFor(question);
    const current = await begin(run.id);
    expect([stale.number, current.number]).toEqual([1, 2]);
    const before = await everythingOf(run.id);

    await expect(recordOutcomes(database.db, stale, [{ row, outcome: outcome }])).rejects.toThrow(FenceLost);
    await expect(createResults(database.db, stale, [])).rejects.toThrow(FenceLost);
    await expect(finishPart(database.db, stale, oneCost)).rejects.toThrow(FenceLost);
    const lost = Promise.withResolvers<void>();
    const progress = createProgressWriter({
      ...{ db: database.db, attempt: stale, onFenceLost: lost.resolve, onError: lost.reject },
      onWritten: () => lost.reject(new Error("progress was written")),
    });
    progress.note(row.id, { type: "progress", key: question.key, phase: "judging" });
    await lost.promise;
    expect(await everythingOf(run.id)).toEqual(before);

    await recordOutcomes(database.db, current, [{ row, outcome: outcome }]);
    expect(await database.db.finding.count({ where: { runId: run.id } })).toBe(1);
  });

  test("an outcome recorded twice is there once", async () => {
    const run = await insertRun();
    const { target } = fakeCluster({ pods: { pages: [[{ metadata: { name: "web-0" } }]] } });
    const attempt = await begin(run.id);
    const { row, question } = await rowOf(attempt, target);
    const outcome = await outcomeFor(question);
    await recordOutcomes(database.db, attempt, [{ row, outcome: { ...outcome, pictures: [drawn] } }]);
    const once = await everythingOf(run.id);
    await recordOutcomes(database.db, attempt, [{ row, outcome: { ...outcome, pictures: [drawn] } }]);
    const twice = await everythingOf(run.id);
    expect({ ...twice, run: null }).toEqual({ ...once, run: null });
    expect(twice.pictures).toMatchObject([{ resultId: row.id, data: drawn }]);
    expect(twice.run?.counts).toEqual({ fail: 1 });
  });

  test("an outcome that fails half-way leaves nothing of itself", async () => {
    const run = await insertRun();
    const { target } = fakeCluster({ pods: { pages: [[{ metadata: { name: "web-0" } }]] } });
    const attempt = await begin(run.id);
    const { row, question } = await rowOf(attempt, target);
    const outcome = await outcomeFor(question);
    const before = await everythingOf(run.id);
    const broken = { ...outcome, measurements: [{ name: "load", value: Number.NaN, unit: "no such unit" }] };
    broken.measurements.push({ name: "load", value: undefined as unknown as number, unit: "1" });
    await expect(recordOutcomes(database.db, attempt, [{ row, outcome: broken }])).rejects.toThrow();
    expect(await everythingOf(run.id)).toEqual(before);
  });
});

test("a pasted document stays in the selection only until the run has ended", async () => {
  const { id } = await insertRun();
  const selection = [{ id: check.id, params: {}, document: "canary-4711" }];
  await database.db.run.update({ where: { id }, data: { selection } });
  const attempt = await begin(id);
  await finishPart(database.db, attempt, oneCost);
  const ended = await database.db.run.findUniqueOrThrow({ where: { id } });
  expect(ended.selection).toEqual([{ id: check.id, params: {} }]);
});

test("what Postgres cannot store is made storable, not lost", async () => {
  const run = await insertRun();
  const { target } = fakeCluster({ pods: { pages: [[{ metadata: { name: "web\u0000-0" } }]] } });
  const attempt = await begin(run.id);
  const { row, question } = await rowOf(attempt, target);
  await recordOutcomes(database.db, attempt, [{ row, outcome: await outcomeFor(question) }]);
  const finding = await database.db.finding.findFirstOrThrow({ where: { runId: run.id } });
  expect(finding).toMatchObject({ observed: "a␀b\ufffd", subject: { name: "web␀-0" } });
});

describe("the newest verdict of a check", () => {
  async function runOnce(names: string[], cancelled = false) {
    const run = await insertRun();
    const { target } = fakeCluster({ pods: { pages: [names.map((name) => ({ metadata: { name } }))] } });
    target.key = "states";
    const attempt = await begin(run.id);
    const { row, question } = await rowOf(attempt, target);
    const outcome = await outcomeFor(question);
    const reason = { code: "cancelled", what: "list pods" } as const;
    const recorded: Outcome = cancelled ? { ...outcome, verdict: "unknown", reason } : outcome;
    await recordOutcomes(database.db, attempt, [{ row, outcome: recorded }]);
    return database.db.checkState.findFirstOrThrow({ where: { target: "states" } });
  }

  test("changes with the verdict, and says since when and what it was; a cancelled one changes nothing", async () => {
    const first = await runOnce(["a"]);
    expect(first).toMatchObject({
      verdict: "fail",
      previousVerdict: null,
      checkedBy: "Ada",
      counts: { fail: 1 },
    });
    const same = await runOnce(["a", "b"]);
    expect(same).toMatchObject({ verdict: "fail", previousVerdict: null, counts: { fail: 2 } });
    expect(same.changedAt).toEqual(first.changedAt);
    expect(same.runId).not.toBe(first.runId);
    const mended = await runOnce([]);
    expect(mended).toMatchObject({ verdict: "pass", previousVerdict: "fail", changedAt: mended.checkedAt });
    expect(await runOnce(["a"], true)).toEqual(mended);
  });

  test("is that of the later result, though an earlier worker's clock was ahead", async () => {
    const observed = async (names: string[], aheadMs: number) => {
      const run = await insertRun();
      const pages = [names.map((name) => ({ metadata: { name } }))];
      const attempt = await begin(run.id);
      const { row, question } = await rowOf(attempt, fakeCluster({ pods: { pages } }).target);
      const outcome = await outcomeFor(question);
      const endedAt = new Date(outcome.endedAt.getTime() + aheadMs);
      await recordOutcomes(database.db, attempt, [{ row, outcome: { ...outcome, endedAt } }]);
    };
    await observed([], 3_600_000);
    await observed(["a"], 0);
    const states = await database.db.checkState.findMany({
      where: { clusterId: place.clusterId, target: "api" },
    });
    expect(states).toMatchObject([{ verdict: "fail" }]);
  });
});

describe("every run ends", () => {
  const handler = (
    openTargets: Parameters<typeof createRunChecks>[0]["openTargets"],
    shutdown = new AbortController(),
  ) =>
    createRunChecks({
      ...{
        db: database.db,
        queue,
        library,
        openTargets,
        log: pino({ level: "silent" }),
        shutdown: shutdown.signal,
      },
      notices: createRunNotices(database.pool, () => {}),
    });
  const open = (target: Target) => () =>
    Promise.resolve({ targets: [target], secrets: [], close: async () => {} });
  const live = () => new AbortController().signal;

  test("after ten attempts that were cut short, as failed", async () => {
    const run = await insertRun({ status: "running" }, { attempt: 10 });
    const { target } = fakeCluster({});
    await handler(open(target))({ runId: run.id, part, teamId: place.teamId }, live());
    const after = await everythingOf(run.id);
    expect(after.run).toMatchObject({ status: "failed", verdict: "unknown", error: { code: "internal" } });
    expect(after.run?.endedAt).not.toBeNull();
  });

  test("whose cluster was removed, as failed", async () => {
    const run = await insertRun();
    await handler(() => Promise.resolve(undefined))({ runId: run.id, part, teamId: place.teamId }, live());
    const after = await everythingOf(run.id);
    expect(after.run).toMatchObject({ status: "failed", error: { code: "no-target" } });
  });

  test("whose target was taken away between two attempts: what waits for it is unknown, and so is the run", async () => {
    const run = await insertRun();
    const { target } = fakeCluster({ pods: { pages: [[]] } });
    await rowOf(await begin(run.id), target);
    const none = async () => ({ targets: [], secrets: [], close: async () => {} });
    await handler(none)({ runId: run.id, part, teamId: place.teamId }, live());
    const { run: ended, results } = await everythingOf(run.id);
    expect(results.map(({ target, phase, verdict }) => [target, phase, verdict]).toSorted()).toEqual([
      ["api", "done", "unknown"],
      ["none", "done", "skip"],
    ]);
    expect(ended).toMatchObject({ status: "done", verdict: "unknown", counts: { skip: 1, unknown: 1 } });
  });

  test("that was cancelled before it began, without asking the target", async () => {
    const run = await insertRun({ cancelRequestedAt: new Date() });
    const hanging = fakeCluster({ pods: { pages: [], hang: true } });
    await handler(open(hanging.target))({ runId: run.id, part, teamId: place.teamId }, live());
    const after = await everythingOf(run.id);
    expect(after.run).toMatchObject({ status: "cancelled", verdict: "unknown" });
    expect(hanging.asked).toEqual([]);
  });

  test("a second job for a run that has ended does nothing; another team's run does not exist", async () => {
    const run = await insertRun();
    const { target } = fakeCluster({ pods: { pages: [[]] } });
    await handler(open(target))({ runId: run.id, part, teamId: randomUUID() }, live());
    expect((await everythingOf(run.id)).run?.status).toBe("queued");
    await handler(open(target))({ runId: run.id, part, teamId: place.teamId }, live());
    const once = await everythingOf(run.id);
    expect(once.run).toMatchObject({ status: "done", verdict: "pass" });
    expect(once.parts).toMatchObject([{ status: "done", attempt: 1 }]);
    await handler(open(target))({ runId: run.id, part, teamId: place.teamId }, live());
    expect(await everythingOf(run.id)).toEqual(once);
  });

  test("of two workers with the same run the later wins and the earlier stops without a word", async () => {
    const run = await insertRun();
    const hanging = fakeCluster({ pods: { pages: [[{ metadata: { name: "a" } }]], hang: true } });
    const first = handler(open(hanging.target))({ runId: run.id, part, teamId: place.teamId }, live());
    await vi.waitFor(async () => expect(hanging.asked).toEqual(["list pods"]), 5_000);
    const { target } = fakeCluster({ pods: { pages: [[{ metadata: { name: "a" } }]] } });
    await handler(open(target))({ runId: run.id, part, teamId: place.teamId }, live());
    await first;
    const after = await everythingOf(run.id);
    expect(after.run).toMatchObject({ status: "done", verdict: "fail", counts: { fail: 1 } });
    expect(after.parts).toMatchObject([{ attempt: 2 }]);
    expect(after.findings).toHaveLength(1);
  });

  test("a worker that goes down gives its job back and writes nothing more", async () => {
    const run = await insertRun();
    const hanging = fakeCluster({ pods: { pages: [], hang: true } });
    const shutdown = new AbortController();
    const job = handler(open(hanging.target), shutdown)(
      { runId: run.id, part, teamId: place.teamId },
      live(),
    );
    await vi.waitFor(async () => expect(hanging.asked).toEqual(["list pods"]), 5_000);
    shutdown.abort();
    await expect(job).rejects.toThrow("going down");
    const after = await everythingOf(run.id);
    expect(after.run?.status).toBe("running");
    expect(after.results[0]?.phase).not.toBe("done");
  });
});

test("the sweep queues runs that lost their job, and only those", async () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  await database.db.runPart.updateMany({ data: { status: "done" } });
  const lost = await insertRun({}, { createdAt: minutesAgo(1) });
  const abandoned = await insertRun({}, { status: "running", heartbeatAt: minutesAgo(2) });
  await insertRun();
  await insertRun({}, { status: "running", heartbeatAt: new Date() });
  const waiting = await insertRun({}, { createdAt: minutesAgo(1) });
  await database.db.$transaction((tx) =>
    queue.enqueue(tx, "run-checks", { runId: waiting.id, part, teamId: place.teamId }),
  );
  expect((await sweepRuns(database.db, queue)).toSorted()).toEqual(
    [`${lost.id} 0`, `${abandoned.id} 0`].toSorted(),
  );
  expect(await sweepRuns(database.db, queue)).toEqual([]);
});
