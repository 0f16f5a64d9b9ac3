import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunFilter } from "#common/contracts/run.ts";
import { noCounts } from "#common/result.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../domain/context.ts";
import { listPastResults } from "../domain/history/list-results.ts";
import { listRuns } from "../domain/runs/list.ts";
import type { FindingRecord, Outcome } from "../engine/execution.ts";
import { writeWords } from "./record-words.ts";

let instance: TestInstance;
let ctx: TeamContext;
let stranger: TeamContext;
const runs: Record<string, string> = {};
const duplicateIp = "kubernetes/duplicate-pod-ip";

beforeAll(async () => {
  instance = await createTestInstance();
  const team = await instance.team();
  ctx = await instance.member(team, "viewer");
  stranger = await instance.member(await instance.team(), "owner");
  await record("empty", duplicateIp, []);
  await record("addresses", duplicateIp, [finding("web-0", "10.999.0.7 is used twice", "地址重复")]);
  await record("queue", "host/example", [finding("checkout-api-7f9c", "accept queue overflows", "队列溢出")]);
  const many = Array.from({ length: 450 }, (_, index) => finding(`item-${index}`, "slow", "慢"));
  await record("many", "host/example", many);
});
afterAll(() => instance.close());

function finding(name: string, en: string, zh: string): FindingRecord {
  const subject = { kind: "Pod", namespace: "shop", name };
  return {
    ...{ fingerprint: name, verdict: "fail", code: "example", subject },
    message: { en, "zh-CN": zh },
  } as FindingRecord;
}

async function record(name: string, checkId: string, findings: FindingRecord[]): Promise<void> {
  const { db } = instance;
  const teamId = ctx.team.id;
  const cluster = await makeCluster({ db, teamId }, `cluster-${name}`);
  const place = { db, teamId, clusterId: cluster.id };
  const run = await makeRun(place, { checks: [checkId] });
  const verdict = findings.length > 0 ? "fail" : "pass";
  const counts = { ...noCounts, fail: findings.length };
  const row = await makeResult(place, run.id, { checkId, verdict, counts });
  const outcome = { findings } as unknown as Outcome;
  await db.$transaction((tx) =>
    writeWords(tx, { runId: run.id, teamId, clusterId: cluster.id }, [{ row, outcome }]),
  );
  runs[name] = run.id;
}

async function found(filter: RunFilter, by = ctx): Promise<string[]> {
  const { items } = await listRuns({ ctx: by, input: { filter, limit: 50 } });
  const names = items.map(({ id }) => Object.keys(runs).find((name) => runs[name] === id) ?? id);
  const results = await listPastResults({ ctx: by, input: { filter, limit: 50 } });
  expect(results.items.map(({ runId }) => runId)).toEqual(items.map(({ id }) => id));
  return names;
}

test("words of findings are found by their beginning, all of them in one result, in both languages", async () => {
  expect(await found({ text: "overflow" })).toEqual(["queue"]);
  expect(await found({ text: "Checkout-API" })).toEqual(["queue"]);
  expect(await found({ text: "checkout twice" })).toEqual([]);
  expect(await found({ text: "10.999.0.7" })).toEqual(["addresses"]);
  expect(await found({ text: "999" })).toEqual([]);
  expect(await found({ text: "重复" })).toEqual(["addresses"]);
  expect(await found({ text: "复" })).toEqual(["addresses"]);
  expect(await found({ text: "溢出" })).toEqual(["queue"]);
  expect(await found({ text: "shop pod" })).toEqual(["many", "queue", "addresses"]);
});

test("every finding of a large result is found", async () => {
  for (const name of ["item-0", "item-449"]) expect(await found({ text: name })).toEqual(["many"]);
  expect(await instance.db.resultText.count({ where: { runId: runs.many } })).toBe(3);
});

test("a check's title finds its results, also those without a finding, and goes together with words", async () => {
  const title = checks.find(({ id }) => id === duplicateIp)?.title;
  expect(await found({ text: title?.en })).toEqual(["addresses", "empty"]);
  expect(await found({ text: title?.["zh-CN"] })).toEqual(["addresses", "empty"]);
  expect(await found({ text: "duplicate twice" })).toEqual(["addresses"]);
});

test("filters go together, and signs alone find nothing", async () => {
  expect(await found({ text: "pod", check: "host/example" })).toEqual(["many", "queue"]);
  expect(await found({ text: "pod", cluster: "cluster-queue" })).toEqual(["queue"]);
  expect(await found({ text: "pod", cluster: "cluster-queue", check: duplicateIp })).toEqual([]);
  expect(await found({ text: "' | !" })).toEqual([]);
  expect(await found({ text: "pod", to: new Date(0) })).toEqual([]);
});

test("another team finds nothing", async () => {
  expect(await found({ text: "pod" }, stranger)).toEqual([]);
  expect(await found({ check: duplicateIp }, stranger)).toEqual([]);
});

test("results page through runs, each once, with what they came to", async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listPastResults>> = await listPastResults({
      ctx,
      input: { filter: {}, cursor, limit: 1 },
    });
    seen.push(...page.items.map(({ runId }) => runId));
    cursor = page.next;
  } while (cursor);
  expect(seen).toEqual([runs.many, runs.queue, runs.addresses, runs.empty]);
  const { items } = await listPastResults({ ctx, input: { filter: { verdict: "pass" }, limit: 5 } });
  expect(items).toMatchObject([
    { checkId: duplicateIp, cluster: { slug: "cluster-empty" }, verdict: "pass", requestedBy: "Ada" },
  ]);
});
