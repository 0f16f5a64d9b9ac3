import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { host } from "#server/checks/needs/host.ts";
import { kinds, kubernetes } from "#server/checks/needs/kubernetes.ts";
import { fakeCheck, fakeCluster, fakeFinding, fakeHost } from "#testing/fake-targets.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster } from "#testing/run-rows.ts";
import type { Target } from "../connectors/connector.ts";
import type { TeamContext } from "../domain/context.ts";
import { cancelRun } from "../domain/runs/cancel.ts";
import { startRun } from "../domain/runs/start.ts";
import { createRunNotices } from "./live-events.ts";
import { createRunChecks } from "./run-checks.ts";

const pods = kubernetes.list(kinds.Pod, (pod) => pod.metadata?.name);
const podCheck = fakeCheck("kubernetes/example", { pods }, (facts) =>
  (facts.pods as string[]).map((name) => fakeFinding("warn", name)),
);
const hostCheck = fakeCheck("host/example", { release: host.file("/release", (text) => text) });
const library = [podCheck, hostCheck];

let instance: TestInstance;
let ctx: TeamContext;
const clusterIds = new Map<string, string>();

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "operator");
  for (const slug of ["one", "two", "three"]) {
    clusterIds.set(slug, (await makeCluster({ db: instance.db, teamId: ctx.team.id }, slug)).id);
  }
});
afterAll(() => instance.close());

function start(clusters: string[], ids = [podCheck.id]): Promise<{ runId: string }> {
  const checks = ids.map((id) => ({ id, params: {} }));
  const input = { clusters, runbook: null, checks, confirmActive: [], idempotencyKey: randomUUID() };
  return startRun({ ctx, input, library });
}

/** A worker that opens these targets on any cluster, or on the one named. */
function workerOf(targets: Record<string, readonly Target[]>, shutdown = new AbortController()) {
  return createRunChecks({
    ...{ db: instance.db, queue: ctx.queue, library, shutdown: shutdown.signal },
    log: pino({ level: "silent" }),
    notices: createRunNotices(instance.pool, () => {}),
    openTargets: async ({ clusterId }) => {
      const slug = [...clusterIds].find(([, id]) => id === clusterId)?.[0] ?? "";
      const found = targets[slug];
      return found && { targets: [...found], secrets: [], close: async () => {} };
    },
  });
}
const live = () => new AbortController().signal;
const jobOf = (runId: string, part: number) => ({ runId, part, teamId: ctx.team.id });
const partsOf = (runId: string) =>
  instance.db.runPart.findMany({ where: { runId }, orderBy: { ordinal: "asc" } });
const runOf = (id: string) => instance.db.run.findUniqueOrThrow({ where: { id } });
const resultsOf = (runId: string) =>
  instance.db.result.findMany({ where: { runId }, orderBy: [{ part: "asc" }, { ordinal: "asc" }] });
async function jobsOf(runId: string): Promise<number[]> {
  const { rows } = await instance.pool.query<{ part: number }>(
    "SELECT (data ->> 'part')::int AS part FROM pgboss.job WHERE data ->> 'runId' = $1 ORDER BY 1",
    [runId],
  );
  return rows.map(({ part }) => part);
}

function hosts(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const { target, reads } = fakeHost({ "/release": "1" });
    target.key = `node${String(index).padStart(4, "0")}`;
    return { target, reads };
  });
}
const api = (...names: string[]) =>
  fakeCluster({ pods: { pages: [names.map((name) => ({ metadata: { name } }))] } });

describe("a run over several clusters", () => {
  test("is a part and a job for each; it ends with the last of them, and is what they come to together", async () => {
    const { runId } = await start(["one", "two"]);
    expect(await jobsOf(runId)).toEqual([0, 1]);
    const work = workerOf({ one: [api("a").target], two: [api().target] });
    await work(jobOf(runId, 1), live());
    expect(await runOf(runId)).toMatchObject({ status: "running", endedAt: null, counts: { pass: 1 } });
    expect(await partsOf(runId)).toMatchObject([
      { status: "queued", clusterId: clusterIds.get("one") },
      { status: "done", verdict: "pass", clusterId: clusterIds.get("two") },
    ]);
    await work(jobOf(runId, 0), live());
    expect(await runOf(runId)).toMatchObject({
      ...{ status: "done", verdict: "warn", counts: { warn: 1, pass: 1 } },
      cost: { calls: 2 },
      endedAt: expect.any(Date),
    });
    // The same check on the same target in two clusters: two results, two verdicts of the newest kind.
    expect((await resultsOf(runId)).map(({ clusterId, target }) => [clusterId, target])).toEqual([
      [clusterIds.get("one"), "api"],
      [clusterIds.get("two"), "api"],
    ]);
    expect(await instance.db.checkState.count({ where: { runId } })).toBe(2);
  });

  test("a part cut short is done again under a new attempt, and the others are not touched", async () => {
    const { runId } = await start(["one", "two"]);
    await workerOf({ two: [api("b").target] })(jobOf(runId, 1), live());
    const [, before] = await partsOf(runId);
    const shutdown = new AbortController();
    const hanging = fakeCluster({ pods: { pages: [[{ metadata: { name: "a" } }]], hang: true } });
    const first = workerOf({ one: [hanging.target] }, shutdown)(jobOf(runId, 0), live());
    await vi.waitFor(() => expect(hanging.asked).toEqual(["list pods"]), 5_000);
    shutdown.abort();
    await expect(first).rejects.toThrow("going down");
    await workerOf({ one: [api("a").target] })(jobOf(runId, 0), live());
    const [resumed, untouched] = await partsOf(runId);
    expect(resumed).toMatchObject({ attempt: 2, status: "done" });
    expect(untouched).toEqual(before);
    expect(await runOf(runId)).toMatchObject({ status: "done", counts: { warn: 2 } });
  });

  test("a wish to cancel reaches every part, begun or not", async () => {
    const { runId } = await start(["one", "two", "three"]);
    const hanging = fakeCluster({ pods: { pages: [], hang: true } });
    const asked = [hanging.target];
    const work = workerOf({ one: asked, two: asked, three: asked });
    const begun = [work(jobOf(runId, 0), live()), work(jobOf(runId, 1), live())];
    await vi.waitFor(() => expect(hanging.asked).toHaveLength(2), 5_000);
    await cancelRun({ ctx, input: { runId } });
    await Promise.all([...begun, work(jobOf(runId, 2), live())]);
    expect((await partsOf(runId)).map(({ status }) => status)).toEqual(Array(3).fill("cancelled"));
    expect(await runOf(runId)).toMatchObject({ status: "cancelled", counts: { unknown: 3 } });
    expect(hanging.asked).toHaveLength(2);
  });

  test("one cluster that is gone fails the run and takes nothing from the others", async () => {
    const { runId } = await start(["one", "two"]);
    const work = workerOf({ one: [api().target] });
    await work(jobOf(runId, 0), live());
    await work(jobOf(runId, 1), live());
    expect(await runOf(runId)).toMatchObject({
      ...{ status: "failed", verdict: "unknown", counts: { pass: 1 } },
      error: { code: "no-target" },
    });
  });

  test("parts that end at the same moment end the run once", async () => {
    const { runId } = await start(["one", "two", "three"]);
    const work = workerOf({ one: [api("a").target], two: [api("b").target], three: [api("c").target] });
    await Promise.all([0, 1, 2].map((part) => work(jobOf(runId, part), live())));
    const ended = await runOf(runId);
    expect(ended).toMatchObject({ status: "done", counts: { warn: 3 }, cost: { calls: 3 } });
    expect(await instance.db.finding.count({ where: { runId } })).toBe(3);
  });
});

describe("a run over many hosts", () => {
  test("hands them out by the hundred without opening one, each host to one part", async () => {
    const all = hosts(250);
    const { target, asked } = api("a");
    const work = workerOf({ one: [target, ...all.map((each) => each.target)] });
    const { runId } = await start(["one"], [podCheck.id, hostCheck.id]);
    await work(jobOf(runId, 0), live());
    expect(asked).toEqual(["list pods"]);
    expect(all.every(({ reads }) => reads.length === 0)).toBe(true);
    const parts = await partsOf(runId);
    expect(parts.map(({ hosts: keys }) => (keys as string[]).length)).toEqual([0, 100, 100, 50]);
    expect(await jobsOf(runId)).toEqual([0, 1, 2, 3]);
    expect(await runOf(runId)).toMatchObject({ status: "running", endedAt: null });

    await Promise.all([3, 1, 2].map((part) => work(jobOf(runId, part), live())));
    expect(all.every(({ reads }) => reads.length === 1)).toBe(true);
    expect(await runOf(runId)).toMatchObject({
      ...{ status: "done", counts: { pass: 250, warn: 1 } },
      cost: { calls: 251 },
    });
    const results = await resultsOf(runId);
    expect(results).toHaveLength(251);
    expect(new Set(results.map(({ target: key }) => key)).size).toBe(251);
    // A job that comes twice hands out nothing more.
    await work(jobOf(runId, 0), live());
    expect(await partsOf(runId)).toHaveLength(4);
  });

  test("a hundred hosts are one part", async () => {
    const all = hosts(100);
    const work = workerOf({ one: all.map((each) => each.target) });
    const { runId } = await start(["one"], [hostCheck.id]);
    await work(jobOf(runId, 0), live());
    expect(await partsOf(runId)).toHaveLength(1);
    expect(await runOf(runId)).toMatchObject({ status: "done", counts: { pass: 100 } });
  });

  test("a host group that changed meanwhile: what was handed out is answered, what is gone is unknown", async () => {
    const all = hosts(150);
    const { runId } = await start(["one"], [hostCheck.id]);
    await workerOf({ one: all.map((each) => each.target) })(jobOf(runId, 0), live());
    const left = workerOf({ one: all.slice(1).map((each) => each.target) });
    for (const part of [1, 2]) await left(jobOf(runId, part), live());
    const run = await runOf(runId);
    expect(run).toMatchObject({ status: "done", counts: { pass: 149, unknown: 1 }, verdict: "unknown" });
  });
});

test("what a part had read before it was cut short is counted once", async () => {
  const { runId } = await start(["one"]);
  const other = fakeCheck("kubernetes/example", {
    pods,
    nodes: kubernetes.list(kinds.Node, () => undefined),
  });
  const shutdown = new AbortController();
  const hanging = fakeCluster({ pods: { pages: [[], [], []] }, nodes: { pages: [[]], hang: true } });
  const work = createRunChecks({
    ...{ db: instance.db, queue: ctx.queue, library: [other], shutdown: shutdown.signal },
    log: pino({ level: "silent" }),
    notices: createRunNotices(instance.pool, () => {}),
    openTargets: async () => ({ targets: [hanging.target], secrets: [], close: async () => {} }),
  });
  const first = work(jobOf(runId, 0), live());
  await vi.waitFor(async () => expect((await partsOf(runId))[0]?.cost).toMatchObject({ calls: 4 }), {
    timeout: 10_000,
    interval: 50,
  });
  shutdown.abort();
  await expect(first).rejects.toThrow("going down");
  await workerOf({ one: [api().target] })(jobOf(runId, 0), live());
  expect((await runOf(runId)).cost).toMatchObject({ calls: 5 });
});
