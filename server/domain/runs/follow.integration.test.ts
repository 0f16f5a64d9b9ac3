import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunUpdate } from "#common/contracts/run.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { cancelRun } from "./cancel.ts";
import { followRun } from "./follow.ts";
import { notifyRun } from "./notify.ts";

let instance: TestInstance;
let ctx: TeamContext;
let place: { db: TestInstance["db"]; teamId: string; clusterId: string };

beforeAll(async () => {
  instance = await createTestInstance();
  const { db } = instance;
  ctx = await instance.member(await instance.team(), "operator");
  const cluster = await makeCluster({ db, teamId: ctx.team.id }, "prod");
  place = { db, teamId: ctx.team.id, clusterId: cluster.id };
});
afterAll(() => instance.close());

function startedRun() {
  return makeRun(place, { status: "running", verdict: null, seq: 0, endedAt: null });
}

/** As a worker does: the run's counter grows, the result is stamped with it, and a notice goes out, at once. */
async function change(runId: string, resultId: string, phase: "reading" | "done") {
  await instance.db.$transaction(async (tx) => {
    const { seq } = await tx.run.update({
      where: { id: runId },
      data: { seq: { increment: 1 } },
      select: { seq: true },
    });
    await tx.result.update({ where: { runId_id: { runId, id: resultId } }, data: { phase, seq } });
    await notifyRun(tx, runId);
  });
}

async function end(runId: string) {
  await instance.db.$transaction(async (tx) => {
    await tx.run.update({
      where: { id: runId },
      data: { status: "done", verdict: "pass", endedAt: new Date(), seq: { increment: 1 } },
    });
    await notifyRun(tx, runId);
  });
}

function follow(runId: string, options: { lastEventId?: string; signal?: AbortSignal } = {}) {
  const { lastEventId, signal } = options;
  return followRun({ ctx, input: { runId, lastEventId }, notices: instance.services.hub, signal });
}

async function next(updates: AsyncGenerator<RunUpdate, void>): Promise<RunUpdate> {
  const step = await updates.next();
  if (step.done) throw new Error("the stream ended early");
  return step.value;
}

test("sends the beginning, each change within a second, and ends with the run", async () => {
  const run = await startedRun();
  const result = await makeResult(place, run.id, { phase: "waiting", verdict: null, seq: 0 });
  const updates = follow(run.id);
  expect(await next(updates)).toMatchObject({ seq: 0, status: "running", changed: [{ phase: "waiting" }] });

  const waiting = next(updates);
  await change(run.id, result.id, "reading");
  const changedAtMs = performance.now();
  expect(await waiting).toMatchObject({ seq: 1, changed: [{ id: result.id, phase: "reading" }] });
  expect(performance.now() - changedAtMs).toBeLessThan(5_000);

  await end(run.id);
  expect(await next(updates)).toMatchObject({ seq: 2, status: "done", verdict: "pass", changed: [] });
  expect((await updates.next()).done).toBe(true);
});

test("resumes after the last message it was given, without what came before", async () => {
  const run = await startedRun();
  const a = await makeResult(place, run.id, { checkId: "kubernetes/a", seq: 0 });
  const b = await makeResult(place, run.id, { checkId: "kubernetes/b", seq: 0 });
  const first = follow(run.id);
  await next(first);
  await change(run.id, a.id, "reading");
  const { seq } = await next(first);
  await first.return();
  await change(run.id, b.id, "reading");
  await change(run.id, b.id, "done");
  const second = follow(run.id, { lastEventId: String(seq) });
  expect(await next(second)).toMatchObject({ seq: 3, changed: [{ id: b.id, phase: "done" }] });
  await second.return();
});

test("a run that has ended is told once, and not at all to who knows", async () => {
  const run = await makeRun(place, { seq: 5 });
  const updates = follow(run.id);
  expect(await next(updates)).toMatchObject({ seq: 5, status: "done" });
  expect((await updates.next()).done).toBe(true);
  expect((await follow(run.id, { lastEventId: "5" }).next()).done).toBe(true);
});

test("nothing is lost when the database drops the listening connection", async () => {
  const run = await startedRun();
  const result = await makeResult(place, run.id, { phase: "waiting", seq: 0 });
  const updates = follow(run.id);
  await next(updates);
  const waiting = next(updates);
  const { rowCount } = await instance.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'weekbook live updates'`,
  );
  expect(rowCount).toBe(1);
  await change(run.id, result.id, "reading");
  const droppedAtMs = performance.now();
  expect(await waiting).toMatchObject({ seq: 1 });
  expect(performance.now() - droppedAtMs).toBeLessThan(15_000);
  const again = next(updates);
  await change(run.id, result.id, "done");
  expect(await again).toMatchObject({ seq: 2 });
  await updates.return();
});

test("stops when the reader goes away", async () => {
  const run = await startedRun();
  const reader = new AbortController();
  const updates = follow(run.id, { signal: reader.signal });
  await next(updates);
  const waiting = updates.next();
  reader.abort();
  expect((await waiting).done).toBe(true);
});

test("who is removed from the team is shown no more", async () => {
  const run = await startedRun();
  const viewer = await instance.member(ctx.team, "viewer");
  const userId = viewer.actor.type === "user" ? viewer.actor.userId : "";
  const updates = followRun({ ctx: viewer, input: { runId: run.id }, notices: instance.services.hub });
  await next(updates);
  await instance.db.membership.deleteMany({ where: { userId } });
  const waiting = updates.next();
  await instance.db.$transaction((tx) => notifyRun(tx, run.id));
  await expect(waiting).rejects.toMatchObject({ code: "not-found" });
});

test("who signs out is shown no more, in whatever tab; another session of the same person goes on", async () => {
  const run = await startedRun();
  const viewer = await instance.member(ctx.team, "viewer");
  if (viewer.actor.type !== "user") throw new Error("a member is a user");
  const { userId } = viewer.actor;
  const streamOf = async (id: string) => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    await instance.db.session.create({ data: { id, token: id, userId, expiresAt } });
    const actor = { ...viewer.actor, sessionId: id };
    return followRun({
      ctx: { ...viewer, actor },
      input: { runId: run.id },
      notices: instance.services.hub,
    });
  };
  const [left, other] = [await streamOf("left"), await streamOf("other")];
  await Promise.all([next(left), next(other)]);
  await instance.db.session.delete({ where: { id: "left" } });
  const ending = expect(left.next()).rejects.toMatchObject({ code: "not-found" });
  const going = next(other);
  await instance.db.$transaction(async (tx) => {
    await tx.run.update({ where: { id: run.id }, data: { seq: 5 } });
    await notifyRun(tx, run.id);
  });
  await ending;
  expect(await going).toMatchObject({ seq: 5 });
  await other.return();
});

test("a wish to cancel is kept once, told to followers, and refused when the run is over", async () => {
  const run = await startedRun();
  const updates = follow(run.id);
  await next(updates);
  const waiting = next(updates);
  await cancelRun({ ctx, input: { runId: run.id } });
  expect(await waiting).toMatchObject({ seq: 1, cancelRequested: true });
  await cancelRun({ ctx, input: { runId: run.id } });
  expect((await instance.db.run.findFirstOrThrow({ where: { id: run.id } })).seq).toBe(1);
  await updates.return();
  const ended = await makeRun(place);
  await expect(cancelRun({ ctx, input: { runId: ended.id } })).rejects.toMatchObject({
    message: "run-already-ended",
  });
});
