import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startRunSchema } from "#common/contracts/run.ts";
import { defineCheck } from "#server/checks/define-check.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster } from "#testing/run-rows.ts";
import { removeCluster } from "../clusters/remove.ts";
import type { TeamContext } from "../context.ts";
import { startRun } from "../runs/start.ts";
import { getParams } from "./get.ts";
import { resetParams } from "./reset.ts";
import { setParams } from "./set.ts";

const text = { en: "An example", "zh-CN": "一个例子" };
const about = {
  version: 1,
  title: text,
  why: text,
  remedy: text,
  needs: {},
  judge: () => ({ findings: [] }),
};
const id = "kubernetes/example";
const library = [
  defineCheck({
    ...about,
    id,
    params: z.object({
      warnPercent: z.number().min(0).max(100).default(5),
      failPercent: z.number().min(0).max(100).default(50),
      name: z.string().min(1),
    }),
  }),
];

let instance: TestInstance;
let ctx: TeamContext;
let clusterIds: Record<string, string>;

beforeAll(async () => {
  instance = await createTestInstance();
});
beforeEach(async () => {
  ctx = await instance.member(await instance.team(), "admin");
  clusterIds = {};
  for (const slug of ["prod", "staging"]) {
    clusterIds[slug] = (await makeCluster({ db: instance.db, teamId: ctx.team.id }, slug)).id;
  }
});
afterAll(() => instance.close());

const set = (cluster: string | null, values: Record<string, unknown>) =>
  setParams({ ctx, input: { check: id, cluster, values }, library });
const reset = (cluster: string | null, names?: string[]) =>
  resetParams({ ctx, input: { check: id, cluster, names }, library });
const kept = (cluster?: string) => getParams({ ctx, input: { cluster }, library });

async function start(clusters: string[], params: Record<string, unknown>, idempotencyKey = randomUUID()) {
  const input = startRunSchema.parse({ clusters, runbook: null, checks: [{ id, params }], idempotencyKey });
  const { runId } = await startRun({ ctx, input, library });
  const { selection } = await instance.db.run.findUniqueOrThrow({ where: { id: runId } });
  return { runId, selection };
}

test("a run begins with the check's defaults below the team's below the cluster's below its own", async () => {
  await set(null, { warnPercent: 7, failPercent: 60, name: "team" });
  await set("prod", { failPercent: 70 });
  expect((await start(["prod"], { name: "mine" })).selection).toEqual([
    { id, params: { warnPercent: 7, failPercent: 70, name: "mine" } },
  ]);
  const team = { warnPercent: 7, failPercent: 60, name: "team" };
  expect((await start(["staging"], {})).selection).toEqual([{ id, params: team }]);
  expect((await start(["staging", "prod"], {})).selection).toEqual([
    {
      ...{ id, params: team },
      on: {
        [String(clusterIds.staging)]: { params: team },
        [String(clusterIds.prod)]: { params: { ...team, failPercent: 70 } },
      },
    },
  ]);
});

test("what a new version of the check refuses is left out of the run, which says so", async () => {
  await set("prod", { warnPercent: 7 });
  await instance.db.checkParams.updateMany({
    where: { teamId: ctx.team.id },
    data: { params: { warnPercent: 700, gone: true, failPercent: 9 } },
  });
  expect((await start(["prod"], { name: "web" })).selection).toEqual([
    {
      ...{ id, params: { warnPercent: 5, failPercent: 9, name: "web" } },
      ignored: [
        { from: "cluster", name: "gone" },
        { from: "cluster", name: "warnPercent" },
      ],
    },
  ]);
  expect(await kept("prod")).toMatchObject([{ refused: ["gone", "warnPercent"] }]);
  await set("prod", { name: "kept anew" });
  expect(await kept("prod")).toMatchObject([{ values: { failPercent: 9, name: "kept anew" }, refused: [] }]);
});

test("a wrong value is refused at its field and nothing is kept", async () => {
  await expect(set(null, { warnPercent: 101, nameless: 1, name: "" })).rejects.toMatchObject({
    code: "invalid",
    fields: {
      "values.warnPercent": "field-too-big",
      "values.nameless": "param-unknown",
      "values.name": "field-required",
    },
  });
  for (const name of ["__proto__", "constructor", "toString"]) {
    const values = JSON.parse(`{"${name}": 1}`);
    await expect(set(null, values)).rejects.toMatchObject({
      fields: { [`values.${name}`]: "param-unknown" },
    });
  }
  await expect(set(null, { name: "x".repeat(70_000) })).rejects.toMatchObject({ code: "invalid" });
  await expect(
    setParams({ ctx, input: { check: "kubernetes/none", cluster: null, values: {} }, library }),
  ).rejects.toMatchObject({ code: "not-found" });
  expect(await kept()).toEqual([]);
});

test("values are kept beside each other and forgotten one by one or all at once", async () => {
  await Promise.all([
    set("prod", { warnPercent: 7 }),
    set("prod", { failPercent: 8 }),
    set("prod", { name: "n" }),
  ]);
  expect(await kept("prod")).toMatchObject([
    { check: id, cluster: "prod", values: { warnPercent: 7, failPercent: 8, name: "n" }, refused: [] },
  ]);
  expect(await kept()).toEqual([]);
  await reset("prod", ["warnPercent", "never kept"]);
  expect(await kept("prod")).toMatchObject([{ values: { failPercent: 8, name: "n" } }]);
  await reset("prod");
  await reset("prod");
  expect(await kept("prod")).toEqual([]);
});

test("a repeated request is the same run, whatever was kept in between", async () => {
  const key = randomUUID();
  const first = await start(["prod"], { name: "web" }, key);
  await set("prod", { warnPercent: 9 });
  expect(await start(["prod"], { name: "web" }, key)).toEqual(first);
});

test("neither another team's values nor those of a removed cluster hold anywhere", async () => {
  await set("prod", { name: "ours" });
  const other = await instance.member(await instance.team(), "admin");
  await makeCluster({ db: instance.db, teamId: other.team.id }, "prod");
  expect(await getParams({ ctx: other, input: { cluster: "prod" }, library })).toEqual([]);
  await expect(
    setParams({ ctx: other, input: { check: id, cluster: "staging", values: {} }, library }),
  ).rejects.toMatchObject({ message: "cluster-not-found" });
  await removeCluster({ ctx, input: { cluster: "prod" } });
  expect(await instance.db.checkParams.count({ where: { teamId: ctx.team.id } })).toBe(0);
});
