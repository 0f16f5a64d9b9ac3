import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";
import type { TeamContext } from "../domain/context.ts";
import { cancelRun } from "../domain/runs/cancel.ts";
import { startRun } from "../domain/runs/start.ts";

const check = "host/disk-write-latency";
const waiting = { timeout: 20_000, interval: 20 };
let instance: TestInstance;
let ctx: TeamContext;
let folder: string;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "operator");
  const teamId = ctx.team.id;
  await instance.db.cluster.create({
    data: {
      ...{ teamId, slug: "here", name: "Here" },
      connections: { create: { teamId, kind: "local_host", address: "this machine" } },
    },
  });
  // Ours alone: whatever is found in it, or names it, was left by what is tested here.
  folder = await mkdtemp("/var/tmp/weekbook-test-");
  await chmod(folder, 0o700);
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});
afterAll(async () => {
  await instance?.close();
  await rm(folder, { recursive: true, force: true });
});

async function startWorker() {
  const worker = await startWorkerProcess({ url: instance.url, keys: instance.workerKeys });
  workers.push(worker);
  return worker;
}

async function start(target = "this-machine") {
  const params = { folder, runSeconds: 40, sizeMib: 16 };
  const input = {
    clusters: ["here"],
    runbook: null,
    checks: [{ id: check, params }],
    confirmActive: [{ check, cluster: "here", target }],
    idempotencyKey: randomUUID(),
  };
  return (await startRun({ ctx, input })).runId;
}

/** Processes whose command line names the folder, and what lies in it. */
async function traces(): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  const processes = lines.filter((line) => line.includes(folder)).map((line) => line.replaceAll("\0", " "));
  return [...processes, ...(await readdir(folder))];
}

const writing = () =>
  vi.waitFor(async () => {
    expect(await traces()).toContainEqual(expect.stringMatching(/^fio .*--rw=randwrite/));
  }, waiting);
const nothingLeft = () => vi.waitFor(async () => expect(await traces()).toEqual([]), waiting);

function ended(runId: string) {
  return vi.waitFor(
    async () => {
      const run = await instance.db.run.findUniqueOrThrow({ where: { id: runId } });
      expect(run.endedAt).not.toBeNull();
      return run;
    },
    { timeout: 40_000, interval: 20 },
  );
}
const resultOf = (runId: string) => instance.db.result.findFirstOrThrow({ where: { runId } });

test("cancelled, it ends at once and leaves nothing on the host", async () => {
  await startWorker();
  const runId = await start();
  await writing();
  const cancelledMs = performance.now();
  await cancelRun({ ctx, input: { runId } });
  expect((await ended(runId)).status).toBe("cancelled");
  await nothingLeft();
  const tookMs = performance.now() - cancelledMs;
  console.log(`ended and tidied up ${Math.round(tookMs)} ms after cancelling`);
  expect(tookMs).toBeLessThan(15_000);
  expect(await resultOf(runId)).toMatchObject({ verdict: "unknown", reason: { code: "cancelled" } });
});

test("a worker killed with -9: nothing is left on the host, and the next one does not do it again", async () => {
  const first = await startWorker();
  const runId = await start();
  await writing();
  expect((await resultOf(runId)).activeAt).not.toBeNull();
  await first.kill();
  await nothingLeft();
  const again: string[][] = [];
  const watching = setInterval(() => traces().then((found) => again.push(found)), 50);
  await startWorker();
  expect((await ended(runId)).status).toBe("done");
  clearInterval(watching);
  expect(again.flat()).toEqual([]);
  expect(again.length).toBeGreaterThan(0);
  expect(await resultOf(runId)).toMatchObject({ verdict: "unknown", reason: { code: "interrupted" } });
  const [part] = await instance.db.runPart.findMany({ where: { runId } });
  expect(part?.attempt).toBe(2);
});

test("nothing is done to a target that was not agreed to", async () => {
  await startWorker();
  const runId = await start("another-machine");
  await ended(runId);
  expect(await traces()).toEqual([]);
  expect(await resultOf(runId)).toMatchObject({ verdict: "skip", reason: { code: "not-supplied" } });
});
