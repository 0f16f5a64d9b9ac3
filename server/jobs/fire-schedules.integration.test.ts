import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { scheduleDraftSchema } from "#common/contracts/schedule.ts";
import type { Schedule } from "#generated/prisma/client.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster } from "#testing/run-rows.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";
import { defineCheck } from "../checks/define-check.ts";
import { type Database, openDatabase } from "../db.ts";
import { removeCluster } from "../domain/clusters/remove.ts";
import type { Queue, TeamContext } from "../domain/context.ts";
import { createSchedule } from "../domain/schedules/create.ts";
import { nextOccurrence } from "../domain/schedules/cron.ts";
import { type Firing, fireNext } from "../domain/schedules/fire-next.ts";
import { getSchedule } from "../domain/schedules/get.ts";
import { fireSchedules } from "./fire-schedules.ts";
import { createLog } from "./log.ts";

const text = { en: "An example", "zh-CN": "一个例子" };
const about = {
  version: 1,
  title: text,
  why: text,
  remedy: text,
  needs: {},
  judge: () => ({ findings: [] }),
};
const library = [defineCheck({ ...about, id: "kubernetes/example", params: z.object({}) })];
const log = createLog({ name: "test", level: "silent", secrets: [] });
const minuteMs = 60_000;

let instance: TestInstance;
let ctx: TeamContext;
let firing: Firing;
const workers: WorkerProcess[] = [];
const pools: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  instance = await createTestInstance();
});
beforeEach(async () => {
  await instance.db.schedule.deleteMany();
  ctx = await instance.member(await instance.team(), "operator");
  for (const slug of ["prod", "staging"]) await makeCluster({ db: instance.db, teamId: ctx.team.id }, slug);
  firing = { db: instance.db, queue: instance.services.queue, library };
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});
afterAll(() => instance.close());

type Changes = Partial<z.input<typeof scheduleDraftSchema>>;

/** A schedule whose occurrence of `agoMs` ago, or the one before, is the next it would run. */
async function due(agoMs = 0, changes: Changes = {}, nextAt?: Date): Promise<Schedule> {
  const draft = scheduleDraftSchema.parse({
    ...{ name: "Nightly", cron: "*/5 * * * *", timeZone: "UTC", runbook: null },
    ...{ checks: [{ id: "kubernetes/example" }], clusters: ["prod"] },
    ...changes,
  });
  const { scheduleId: id } = await createSchedule({ ctx, input: draft, library });
  const before = new Date(Date.now() - agoMs - 5 * minuteMs);
  const occurrenceAt = nextOccurrence({ cron: draft.cron, timeZone: draft.timeZone }, before);
  return instance.db.schedule.update({
    where: { id },
    data: { occurrenceAt, nextAt: nextAt ?? occurrenceAt },
  });
}

const runsOf = (scheduleId: string) => instance.db.run.findMany({ where: { scheduleId } });
const view = ({ id }: { id: string }) => getSchedule({ ctx, input: { scheduleId: id } });

async function fireAll(with_: Firing = firing): Promise<number> {
  let count = 0;
  while (await fireNext(with_)) count += 1;
  return count;
}

/** Another worker's pool on the same database. */
function anotherDatabase(): Database {
  const opened = openDatabase({ url: instance.url, maxConnections: 3, onPoolError: () => {} });
  pools.push(opened);
  return opened.db;
}

test("what is due runs in its schedule's name, is linked to it, and its next time is set", async () => {
  const schedule = await due(0, { clusters: ["prod", "staging"] });
  const fired = await fireNext(firing);
  expect(fired).toMatchObject({ scheduleId: schedule.id, outcome: { result: "started", missed: 0 } });
  const [run, ...others] = await runsOf(schedule.id);
  expect(others).toEqual([]);
  expect(run).toMatchObject({ requestedBy: "Nightly (schedule)", requestedById: null, status: "queued" });
  expect(run?.clusterIds).toEqual(schedule.clusterIds);
  const { rowCount } = await instance.pool.query("SELECT FROM pgboss.job WHERE data->>'runId' = $1", [
    run?.id,
  ]);
  expect(rowCount).toBe(2);
  const after = await view(schedule);
  expect(after).toMatchObject({
    lastRun: { id: run?.id },
    lastOutcome: { result: "started", runId: run?.id },
  });
  expect(after.nextAt?.getTime()).toBeGreaterThan(Date.now());
  expect(await fireNext(firing)).toBeNull();
});

test("what is not due, or switched off, does not run; a worker's own clock decides nothing", async () => {
  const schedule = await due();
  await instance.db.schedule.update({
    where: { id: schedule.id },
    data: { nextAt: new Date(Date.now() + 60 * minuteMs) },
  });
  const off = await due(0, { name: "Off" });
  await instance.db.schedule.update({ where: { id: off.id }, data: { enabled: false } });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 30 * 24 * 60 * minuteMs });
  try {
    expect(await fireNext(firing)).toBeNull();
  } finally {
    vi.useRealTimers();
  }
  expect(await runsOf(schedule.id)).toEqual([]);
});

describe("after downtime", () => {
  test("many missed: one run, the others counted", async () => {
    const schedule = await due(62 * minuteMs);
    expect(await fireAll()).toBe(1);
    expect(await runsOf(schedule.id)).toHaveLength(1);
    const { lastOutcome } = await view(schedule);
    expect(lastOutcome?.result).toBe("started");
    expect(lastOutcome?.missed).toBeGreaterThanOrEqual(12);
  });

  test("the rule skip: none of what is too late, and it says so", async () => {
    const now = new Date();
    const cron = `${(now.getUTCMinutes() + 30) % 60} * * * *`;
    const schedule = await due(60 * minuteMs, { cron, missedRule: "skip" });
    const occurrenceAt = nextOccurrence({ cron, timeZone: "UTC" }, new Date(now.getTime() - 60 * minuteMs));
    await instance.db.schedule.update({
      where: { id: schedule.id },
      data: { occurrenceAt, nextAt: occurrenceAt },
    });
    expect(await fireAll()).toBe(1);
    expect(await runsOf(schedule.id)).toEqual([]);
    expect(await view(schedule)).toMatchObject({
      lastOutcome: { result: "missed", missed: 1 },
      enabled: true,
    });
  });
});

describe("one run per occurrence", () => {
  test("five workers at once over forty schedules", async () => {
    const schedules: Schedule[] = [];
    for (let index = 0; index < 40; index += 1) schedules.push(await due(0, { name: `S${index}` }));
    const databases = [firing.db, ...Array.from({ length: 4 }, anotherDatabase)];
    const counts = await Promise.all(databases.map((db) => fireAll({ ...firing, db })));
    // Some may have looked while others held the rest.
    await fireAll();
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(1);
    for (const { id } of schedules) expect(await runsOf(id)).toHaveLength(1);
  });

  test("an occurrence that comes again, as after a restored backup, is the same run", async () => {
    const schedule = await due();
    await fireAll();
    const { occurrenceAt, nextAt } = schedule;
    await instance.db.schedule.update({ where: { id: schedule.id }, data: { occurrenceAt, nextAt } });
    expect(await fireAll()).toBe(1);
    expect(await runsOf(schedule.id)).toHaveLength(1);
  });

  test("cut off between run and commit: nothing stays, and the next worker runs it once", async () => {
    const schedule = await due();
    const inserted = Promise.withResolvers<void>();
    const db = anotherDatabase();
    const queue: Queue = {
      enqueue: async (tx, ...job) => {
        await instance.services.queue.enqueue(tx, ...job);
        const [own] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
        await instance.pool.query("SELECT pg_terminate_backend($1)", [own?.pid]);
        inserted.resolve();
        await tx.$queryRaw`SELECT 1`;
      },
    };
    await expect(fireNext({ ...firing, db, queue })).rejects.toThrow();
    await inserted.promise;
    expect(await runsOf(schedule.id)).toEqual([]);
    expect(await fireAll()).toBe(1);
    expect(await runsOf(schedule.id)).toHaveLength(1);
  });

  test("three worker processes, of which two are killed with -9 and replaced", {
    timeout: 150_000,
  }, async () => {
    const schedules: Schedule[] = [];
    const checks = [{ id: "kubernetes/duplicate-pod-ip" }];
    const { checks: all } = await import("../checks/registry.gen.ts");
    for (let index = 0; index < 24; index += 1) {
      const input = scheduleDraftSchema.parse({
        ...{ name: `S${index}`, cron: "*/5 * * * *", timeZone: "UTC", runbook: null, checks },
        clusters: ["prod"],
      });
      const { scheduleId: id } = await createSchedule({ ctx, input, library: all });
      schedules.push(await instance.db.schedule.findUniqueOrThrow({ where: { id } }));
    }
    const start = () => startWorkerProcess({ url: instance.url, keys: instance.workerKeys });
    workers.push(...(await Promise.all([start(), start(), start()])));
    const occurrence = new Date(Math.floor(Date.now() / (5 * minuteMs)) * 5 * minuteMs);
    await instance.pool.query(
      `UPDATE schedule SET "occurrenceAt" = $1, "nextAt" = clock_timestamp() + (random() * interval '1 second')`,
      [occurrence],
    );
    await instance.pool.query("SELECT pg_notify('weekbook_schedule', '')");
    const started = () =>
      instance.db.run.count({ where: { scheduleId: { not: null }, teamId: ctx.team.id } });
    await vi.waitFor(async () => expect(await started()).toBeGreaterThan(2), {
      timeout: 45_000,
      interval: 5,
    });
    await Promise.all(workers.splice(0, 2).map((worker) => worker.kill()));
    workers.push(await start());
    await vi.waitFor(async () => expect(await started()).toBe(24), { timeout: 45_000, interval: 20 });
    await Promise.all(workers.splice(0).map((worker) => worker.kill()));
    for (const { id } of schedules) expect(await runsOf(id)).toHaveLength(1);
  });
});

describe("what has changed since it was made", () => {
  test("a removed cluster is dropped from it; with none left it is switched off and says why", async () => {
    const schedule = await due(0, { clusters: ["prod", "staging"] });
    await removeCluster({ ctx: { ...ctx, role: "admin" }, input: { cluster: "prod" } });
    await fireAll();
    const [run] = await runsOf(schedule.id);
    expect(run?.clusterIds).toEqual([schedule.clusterIds[1]]);
    expect((await view(schedule)).clusters.map(({ slug }) => slug)).toEqual(["staging"]);

    await removeCluster({ ctx: { ...ctx, role: "admin" }, input: { cluster: "staging" } });
    await instance.db.schedule.update({ where: { id: schedule.id }, data: { nextAt: new Date() } });
    await fireAll();
    expect(await runsOf(schedule.id)).toHaveLength(1);
    expect(await view(schedule)).toMatchObject({
      enabled: false,
      disabledReason: "no-cluster",
      nextAt: null,
    });
  });

  test("it goes on when whoever made it has left, and when their account is gone", async () => {
    const schedule = await due();
    const userId = ctx.actor.type === "user" ? ctx.actor.userId : "";
    await instance.db.membership.deleteMany({ where: { userId } });
    await instance.db.user.delete({ where: { id: userId } });
    await fireAll();
    expect(await runsOf(schedule.id)).toHaveLength(1);
    expect(await view(schedule)).toMatchObject({ createdBy: ctx.actor.type === "user" && ctx.actor.name });
  });

  test("a check that is gone, or became active, is refused, and the refusal is kept", async () => {
    const schedule = await due();
    await fireAll({ ...firing, library: [] });
    const refused = { lastOutcome: { result: "refused", key: "check-unknown" }, enabled: true };
    expect(await view(schedule)).toMatchObject(refused);
    const active = library.map((check) => ({ ...check, effect: "active" as const }));
    const second = await due(0, { name: "Second" });
    await fireAll({ ...firing, library: active });
    expect(await view(second)).toMatchObject({ lastOutcome: { key: "check-needs-confirmation" } });
    expect(await instance.db.run.count({ where: { teamId: ctx.team.id } })).toBe(0);
  });

  test("where too many runs wait already, the refusal is kept and the next occurrence comes", async () => {
    const schedule = await due();
    const teamId = ctx.team.id;
    await instance.db.run.createMany({
      data: Array.from({ length: 500 }, () => ({
        ...{ teamId, clusterIds: schedule.clusterIds, requestedBy: "Ada", selection: [] },
      })),
    });
    await fireAll();
    const { lastOutcome, nextAt } = await view(schedule);
    expect(lastOutcome).toMatchObject({ result: "refused", key: "too-many-runs", values: { count: 500 } });
    expect(nextAt?.getTime()).toBeGreaterThan(Date.now());
    expect(await runsOf(schedule.id)).toEqual([]);
  });
});

describe("the loop of a worker", () => {
  test("wakes at the next due time, which is set while it sleeps", async () => {
    const db = anotherDatabase();
    const loop = fireSchedules({ ...firing, db, url: instance.url, log });
    try {
      await vi.waitFor(async () => {
        const { rowCount } = await instance.pool.query(
          "SELECT FROM pg_stat_activity WHERE application_name = 'weekbook-schedules' AND datname = current_database() AND query LIKE 'LISTEN%'",
        );
        expect(rowCount).toBe(1);
      }, 30_000);
      const nextAt = new Date(Date.now() + 2000);
      const schedule = await due(0, {}, nextAt);
      await instance.pool.query("SELECT pg_notify('weekbook_schedule', '')");
      const [run] = await vi.waitFor(
        async () => {
          const runs = await runsOf(schedule.id);
          expect(runs).toHaveLength(1);
          return runs;
        },
        { timeout: 30_000, interval: 5 },
      );
      const lateMs = (run?.createdAt.getTime() ?? 0) - nextAt.getTime();
      expect(lateMs).toBeGreaterThanOrEqual(-1);
      expect(lateMs).toBeLessThan(15_000);
    } finally {
      await loop.stop();
    }
  });

  test("one that cannot be dealt with does not keep the others waiting", async () => {
    const broken = await due(0, { name: "Broken" });
    await instance.db.schedule.update({
      where: { id: broken.id },
      data: { checks: "nonsense", nextAt: new Date(0) },
    });
    const sound = await due(0, { name: "Sound" });
    const loop = fireSchedules({ ...firing, url: instance.url, log });
    try {
      await vi.waitFor(async () => expect(await runsOf(sound.id)).toHaveLength(1), 10_000);
    } finally {
      await loop.stop();
    }
    expect(await runsOf(broken.id)).toEqual([]);
  });
});
