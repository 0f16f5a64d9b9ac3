import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunUpdate } from "#common/contracts/run.ts";
import { mostResultsAtOnce } from "#common/most-results.ts";
import type { Verdict } from "#common/verdict.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { followRun } from "./follow.ts";
import { getRun } from "./get.ts";
import { listRuns } from "./list.ts";
import { listResults } from "./list-results.ts";

const hosts = 500;
const checks = ["host/a", "host/b", "host/c", "host/d", "host/e"];

let instance: TestInstance;
let ctx: TeamContext;
let place: { db: TestInstance["db"]; teamId: string; clusterId: string };
let clusterIds: string[];
let runId: string;

beforeAll(async () => {
  instance = await createTestInstance();
  const { db } = instance;
  ctx = await instance.member(await instance.team(), "viewer");
  const teamId = ctx.team.id;
  const [prod, stage] = [
    await makeCluster({ db, teamId }, "prod"),
    await makeCluster({ db, teamId }, "stage"),
  ];
  clusterIds = [prod.id, stage.id];
  place = { db, teamId, clusterId: prod.id };
  runId = (await makeRun(place, { clusterIds, checks, status: "running", endedAt: null, verdict: null })).id;
  await db.result.createMany({
    data: clusterIds.flatMap((clusterId, part) =>
      checks.flatMap((checkId, check) =>
        Array.from({ length: hosts }, (_, host) => ({
          ...{ runId, teamId, clusterId, part, ordinal: check * hosts + host, checkId, checkVersion: 1 },
          ...{ target: `node${host}`, targetName: `node${host}`, params: { warnPercent: 5 }, seq: 1 },
          coverage: [{ what: "read /proc/stat", read: 1, unit: "files", missing: [] }],
          ...verdictOf(host),
        })),
      ),
    ),
  });
});
afterAll(() => instance.close());

function verdictOf(host: number) {
  const verdict: Verdict | null = host === 7 ? "fail" : host === 3 ? "warn" : host === 499 ? null : "pass";
  return verdict ? ({ phase: "done", verdict } as const) : ({ phase: "reading" } as const);
}

test("5,000 results are sent as ten sums, in few bytes and soon", async () => {
  const startedMs = performance.now();
  const run = await getRun({ ctx, input: { runId } });
  const tookMs = performance.now() - startedMs;
  expect(run.total).toBe(5_000);
  expect(run.results).toEqual([]);
  expect(run.groups).toHaveLength(10);
  expect(run.groups).toContainEqual({
    ...{ cluster: "stage", checkId: "host/c", total: 500 },
    verdicts: { pass: 497, warn: 1, fail: 1, unknown: 0, skip: 0 },
  });
  const bytes = JSON.stringify(run).length;
  console.log(`5,000 results: ${bytes} bytes in ${Math.round(tookMs)} ms`);
  expect(bytes).toBeLessThan(5_000);
});

test("no more results than are sent at once are sent as they are", async () => {
  const small = await makeRun(place, { clusterIds });
  for (let index = 0; index < 3; index += 1) {
    await makeResult(place, small.id, { ordinal: 2 - index, target: `node${index}` });
  }
  const run = await getRun({ ctx, input: { runId: small.id } });
  expect(run.groups).toEqual([]);
  expect(run.results.map(({ target, cluster }) => [target, cluster])).toEqual([
    ["node2", "prod"],
    ["node1", "prod"],
    ["node0", "prod"],
  ]);
  expect(run.total).toBeLessThan(mostResultsAtOnce);
});

test("results of one check on one cluster come page by page: under way first, then worst first", async () => {
  const seen: { target: string; verdict: Verdict | null; cluster: string }[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listResults>> = await listResults({
      ctx,
      input: { runId, cluster: "stage", checkId: "host/b", cursor, limit: 120 },
    });
    seen.push(...page.items);
    cursor = page.next;
  } while (cursor);
  expect(seen).toHaveLength(hosts);
  expect(new Set(seen.map(({ target }) => target)).size).toBe(hosts);
  expect(seen.slice(0, 4).map(({ target, verdict }) => [target, verdict])).toEqual([
    ["node499", null],
    ["node7", "fail"],
    ["node3", "warn"],
    ["node0", "pass"],
  ]);
  expect(seen.every(({ cluster }) => cluster === "stage")).toBe(true);
});

test("one verdict alone, or what is not of this run", async () => {
  const input = { runId, cluster: "prod", checkId: "host/a", limit: 50 };
  const failed = await listResults({ ctx, input: { ...input, verdict: "fail" } });
  expect(failed.items.map(({ target }) => target)).toEqual(["node7"]);
  expect(await listResults({ ctx, input: { ...input, cluster: "elsewhere" } })).toEqual({
    items: [],
    next: null,
  });
  const stranger = await instance.member(await instance.team(), "owner");
  await expect(listResults({ ctx: stranger, input })).rejects.toMatchObject({ code: "not-found" });
});

test("the live stream sends the sums that changed, and no others", async () => {
  const stop = new AbortController();
  const notices = { subscribe: () => () => {} };
  const updates = followRun({ ctx, input: { runId, lastEventId: "1" }, notices, signal: stop.signal });
  const seq = 9;
  await instance.db.run.update({ where: { id: runId }, data: { seq } });
  await instance.db.result.updateMany({
    where: { runId, clusterId: clusterIds[1], checkId: "host/d", target: "node499" },
    data: { phase: "done", verdict: "unknown", seq },
  });
  const update = (await updates.next()).value as RunUpdate;
  expect(update).toMatchObject({ seq, total: 5_000, changed: [] });
  expect(update.groups).toEqual([
    {
      ...{ cluster: "stage", checkId: "host/d", total: 500 },
      verdicts: { pass: 497, warn: 1, fail: 1, unknown: 1, skip: 0 },
    },
  ]);
  stop.abort();
});

test("a run over two clusters is found under either, and names both", async () => {
  for (const cluster of ["prod", "stage"]) {
    const { items } = await listRuns({ ctx, input: { filter: { cluster }, limit: 50 } });
    const found = items.find(({ id }) => id === runId);
    expect(found?.clusters.map(({ slug }) => slug)).toEqual(["prod", "stage"]);
  }
});
