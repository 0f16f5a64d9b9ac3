import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeFindings, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { getFinding } from "./get-finding.ts";
import { getResult } from "./get-result.ts";
import { listFindings } from "./list-findings.ts";

const words = { en: "A route", "zh-CN": "一条路径" };
const drawn = {
  ...{ id: "route", title: words, summary: words },
  nodes: [{ id: "a", column: 0, label: "a" }],
  edges: [{ from: "a", to: "a" }],
};

let instance: TestInstance;
let ctx: TeamContext;
let runId: string;
let results: string[];

beforeAll(async () => {
  instance = await createTestInstance();
  const { db } = instance;
  ctx = await instance.member(await instance.team(), "viewer");
  const teamId = ctx.team.id;
  const place = { db, teamId, clusterId: (await makeCluster({ db, teamId }, "prod")).id };
  runId = (await makeRun(place)).id;
  const a = await makeResult(place, runId, { checkId: "kubernetes/a" });
  const b = await makeResult(place, runId, { checkId: "kubernetes/b", ordinal: 1 });
  results = [a.id, b.id];
  await makeFindings(db, { runId, resultId: a.id }, [
    { fingerprint: "a0", verdict: "pass" },
    { fingerprint: "a1", verdict: "fail" },
    { fingerprint: "a2", verdict: "warn" },
    { fingerprint: "a3", verdict: "fail" },
  ]);
  await makeFindings(db, { runId, resultId: b.id }, [
    { fingerprint: "b0", verdict: "unknown" },
    { fingerprint: "b1", verdict: "fail" },
    { fingerprint: "b2", verdict: "pass" },
  ]);
  await db.picture.createMany({
    data: [drawn, { ...drawn, edges: [{ from: "a", to: "nowhere" }] }].map((data, ordinal) => ({
      ...{ runId, resultId: a.id, ordinal, data },
    })),
  });
  await db.measurement.create({
    data: { runId, resultId: a.id, ordinal: 0, name: "throttled", value: 12.5, unit: "%" },
  });
});
afterAll(() => instance.close());

type Asked = Omit<Parameters<typeof listFindings>[0]["input"], "runId" | "limit">;
async function pagesOf(limit: number, asked: Asked = {}): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listFindings>> = await listFindings({
      ctx,
      input: { ...asked, runId, limit, cursor },
    });
    pages.push(page.items.map((item) => item.fingerprint));
    cursor = page.next;
  } while (cursor);
  return pages;
}

test("worst first over the whole run, whatever the size of a page", async () => {
  const all = ["a1", "a3", "b1", "b0", "a2", "a0", "b2"];
  for (const limit of [1, 2, 3, 7, 50]) expect((await pagesOf(limit)).flat()).toEqual(all);
  expect((await pagesOf(7)).length).toBe(1);
});

test("of one result, or of one verdict", async () => {
  expect((await pagesOf(2, { resultId: results[0] })).flat()).toEqual(["a1", "a3", "a2", "a0"]);
  expect((await pagesOf(1, { verdict: "fail" })).flat()).toEqual(["a1", "a3", "b1"]);
});

test("each finding has a permanent address", async () => {
  const [first] = (await listFindings({ ctx, input: { runId, limit: 1 } })).items;
  const finding = await getFinding({ ctx, input: { runId, findingId: first?.id ?? "" } });
  expect(finding).toEqual(first);
  expect(finding).toMatchObject({ checkId: "kubernetes/a", subject: { name: "a1" }, code: "example" });
  for (const findingId of ["x", `${results[0]}.99`, `${results[0]}.1.2`, `${results[0]}.-1`]) {
    await expect(getFinding({ ctx, input: { runId, findingId } })).rejects.toMatchObject({
      code: "not-found",
    });
  }
});

test("a result brings its measurements and, of its pictures, those that hold together", async () => {
  const detail = await getResult({ ctx, input: { runId, resultId: results[0] ?? "" } });
  expect(detail).toMatchObject({
    checkId: "kubernetes/a",
    measurements: [{ name: "throttled", value: 12.5 }],
    pictures: [drawn],
  });
});
