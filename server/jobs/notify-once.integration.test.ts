import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { scheduleDraftSchema } from "#common/contracts/schedule.ts";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { addChannel, makeEvent } from "#testing/channels.ts";
import { type HttpReceiver, startHttpReceiver } from "#testing/http-receiver.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";
import { connectCluster } from "../domain/clusters/connect.ts";
import type { TeamContext } from "../domain/context.ts";
import { createSchedule } from "../domain/schedules/create.ts";

let practice: PracticeCluster;
let instance: TestInstance;
let receiver: HttpReceiver;
let ctx: TeamContext;
let cluster: { slug: string; id: string };
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  [practice, instance, receiver] = await Promise.all([
    startPracticeCluster({ nodes: 4, pods: 80 }),
    createTestInstance(),
    startHttpReceiver(),
  ]);
  ctx = await instance.member(await instance.team(), "admin");
  const source = { type: "kubeconfig", text: practice.kubeconfig.viewer } as const;
  const { slug } = await connectCluster({ ctx, input: { name: "Practice", production: false, source } });
  const { id } = await instance.db.cluster.findFirstOrThrow({ where: { slug, teamId: ctx.team.id } });
  cluster = { slug, id };
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  receiver.posts.splice(0);
  await instance.db.channel.deleteMany();
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await receiver?.close();
  await instance?.close();
  await practice?.close();
});

async function startWorkers(count: number) {
  const start = () => startWorkerProcess({ url: instance.url, keys: instance.workerKeys });
  workers.push(...(await Promise.all(Array.from({ length: count }, start))));
}
const killAll = () => Promise.all(workers.splice(0).map((worker) => worker.kill()));
const posts = (count: number, timeout = 60_000) =>
  vi.waitFor(() => expect(receiver.posts.length).toBeGreaterThanOrEqual(count), { timeout, interval: 20 });
const delivered = (count: number) =>
  vi.waitFor(
    async () => expect(await instance.db.delivery.count({ where: { state: "delivered" } })).toBe(count),
    { timeout: 60_000, interval: 20 },
  );
const hook = () => addChannel(ctx, { kind: "webhook", address: receiver.url("/hook") });
const place = () => ({ instance, teamId: ctx.team.id, clusterId: cluster.id });

test("three workers and a scheduled run: one message with all that it found", {
  timeout: 150_000,
}, async () => {
  await hook();
  const input = scheduleDraftSchema.parse({
    ...{ name: "Nightly", cron: "*/5 * * * *", timeZone: "UTC", runbook: null, clusters: [cluster.slug] },
    checks: [{ id: "kubernetes/duplicate-pod-ip" }],
  });
  const { scheduleId } = await createSchedule({ ctx, input });
  await startWorkers(3);
  await instance.pool.query(`UPDATE schedule SET "nextAt" = clock_timestamp()`);
  await instance.pool.query("SELECT pg_notify('weekbook_schedule', '')");
  await delivered(1);
  const [run] = await instance.db.run.findMany({ where: { scheduleId } });
  expect(receiver.posts).toHaveLength(1);
  const body = JSON.parse(receiver.posts[0]?.body ?? "");
  const opened = await instance.db.findingEvent.count({ where: { runId: run?.id, kind: "opened" } });
  expect(opened).toBeGreaterThan(0);
  expect(body).toMatchObject({ counts: { opened }, runs: [{ id: run?.id, schedule: "Nightly" }] });
});

test("twenty at once with three workers: each is sent, none twice", { timeout: 150_000 }, async () => {
  for (let index = 0; index < 20; index += 1) {
    await addChannel(ctx, { kind: "webhook", address: receiver.url(`/hook/${index}`) });
  }
  await startWorkers(3);
  await makeEvent(place(), "many", { kind: "opened" });
  await delivered(20);
  expect(new Set(receiver.posts.map(({ path }) => path)).size).toBe(20);
  expect(receiver.posts).toHaveLength(20);
});

test("killed with -9 once the far end has answered: it is not sent again", { timeout: 150_000 }, async () => {
  await hook();
  await makeEvent(place(), "answered", { kind: "opened" });
  await startWorkers(2);
  await delivered(1);
  await killAll();
  await startWorkers(1);
  await makeEvent(place(), "later", { kind: "opened" });
  await delivered(2);
  expect(receiver.posts).toHaveLength(2);
  expect(new Set(receiver.posts.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
});

test("killed with -9 before it answered: another worker sends the same, with the same id", {
  timeout: 150_000,
}, async () => {
  await hook();
  receiver.answerNext(() => {});
  await makeEvent(place(), "hanging", { kind: "opened" });
  await startWorkers(2);
  await posts(1);
  await killAll();
  await instance.pool.query(`UPDATE delivery SET "leaseUntil" = clock_timestamp() + interval '10 minutes'`);
  await startWorkers(2);
  // Nobody takes it while the one that was killed may still be at it.
  const [held] = await instance.db.delivery.findMany();
  expect(held).toMatchObject({ state: "waiting", attempts: 1 });
  expect(held?.leaseUntil?.getTime()).toBeGreaterThan(Date.now());
  expect(receiver.posts).toHaveLength(1);
  await instance.pool.query(`UPDATE delivery SET "leaseUntil" = clock_timestamp()`);
  await delivered(1);
  const [first, second] = receiver.posts;
  expect(receiver.posts).toHaveLength(2);
  expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
  expect(second?.body).toBe(first?.body);
});

test("killed with -9 while it routes: nothing is lost and nothing is told twice", {
  timeout: 150_000,
}, async () => {
  for (let index = 0; index < 10; index += 1) {
    await addChannel(ctx, { kind: "webhook", address: receiver.url(`/route/${index}`) });
  }
  await startWorkers(2);
  await makeEvent(place(), "routed", { kind: "opened" });
  await killAll();
  await startWorkers(1);
  await vi.waitFor(async () => expect(await instance.db.delivery.count()).toBe(10), { timeout: 30_000 });
  await instance.pool.query(
    `UPDATE delivery SET "leaseUntil" = clock_timestamp() WHERE "leaseUntil" IS NOT NULL`,
  );
  await delivered(10);
  const ids = new Map(receiver.posts.map(({ path, headers }) => [path, headers["webhook-id"]]));
  expect(ids.size).toBe(10);
  for (const { path, headers } of receiver.posts) expect(headers["webhook-id"]).toBe(ids.get(path));
});
