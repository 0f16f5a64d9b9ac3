import { afterAll, beforeAll, expect, test } from "vitest";
import { noCounts } from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { getRunbook } from "../runbooks/get.ts";
import { listRunbooks } from "../runbooks/list.ts";
import { loadRunbooks } from "../runbooks/load-runbooks.ts";
import { getOverview } from "./get.ts";

let instance: TestInstance;
let ctx: TeamContext;
let clusters: Record<"prod" | "stage", string>;
let first: { slug: string; checks: string[] };
let second: { slug: string; checks: string[] };
const hourMs = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * hourMs);

type State = { verdict: Verdict; previous?: Verdict; changedAt?: Date; checkedAt?: Date; runId?: string };

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "viewer");
  const { db } = instance;
  const prod = await makeCluster({ db, teamId: ctx.team.id }, "prod");
  const stage = await makeCluster({ db, teamId: ctx.team.id }, "stage");
  clusters = { prod: prod.id, stage: stage.id };
  const all = [...(await loadRunbooks()).values()];
  const [a, b] = all.filter(({ texts }) => texts.en.meta.checks.length > 0);
  if (!a || !b) throw new Error("two runbooks with checks are needed");
  first = { slug: a.slug, checks: a.texts.en.meta.checks };
  second = { slug: b.slug, checks: b.texts.en.meta.checks };
});
afterAll(() => instance.close());

async function state(clusterId: string, checkId: string, { verdict, previous, ...rest }: State) {
  const run = await makeRun(
    { db: instance.db, teamId: ctx.team.id, clusterId },
    { runbook: first.slug, createdAt: rest.checkedAt },
  );
  await instance.db.checkState.create({
    data: {
      clusterId,
      checkId,
      target: "kubernetes",
      teamId: ctx.team.id,
      verdict,
      previousVerdict: previous ?? null,
      changedAt: rest.changedAt ?? ago(1),
      checkedAt: rest.checkedAt ?? ago(1),
      checkedBy: "Ada",
      runId: run.id,
      resultId: run.id,
      counts: { ...noCounts, [verdict]: 2 },
    },
  });
  return run.id;
}

test("stands on the newest verdicts: worst first, only where something was run", async () => {
  const [checkOfFirst = ""] = first.checks;
  const [checkOfSecond = ""] = second.checks;
  const old = { checkedAt: ago(30), changedAt: ago(30) };
  await state(clusters.prod, checkOfFirst, { verdict: "pass", ...old });
  const failedRun = await state(clusters.stage, checkOfSecond, { verdict: "fail", previous: "pass" });
  const other = await instance.team();
  const theirs = await makeCluster({ db: instance.db, teamId: other.id }, "theirs");
  await instance.db.checkState.create({
    data: {
      ...{ clusterId: theirs.id, checkId: checkOfFirst, target: "kubernetes", teamId: other.id },
      ...{ verdict: "fail", changedAt: ago(0), checkedAt: ago(0), checkedBy: "Eve" },
      ...{ runId: failedRun, resultId: failedRun },
    },
  });

  const overview = await getOverview({ ctx, input: { locale: "en" } });
  expect(overview.clusters.map((cluster) => cluster.slug)).toEqual(["prod", "stage"]);
  expect(overview.rows[0]).toMatchObject({
    runbook: second.slug,
    cells: [{ cluster: "stage", verdict: "fail", runId: failedRun, counts: { fail: 2 } }],
  });
  expect(overview.rows[1]).toMatchObject({ runbook: first.slug, cells: [{ verdict: "pass" }] });
  expect(overview.totals).toEqual({ ...noCounts, pass: 1, fail: 1 });
  expect(overview.changes).toMatchObject([
    { cluster: { slug: "stage" }, checkId: checkOfSecond, from: "pass", to: "fail", by: "Ada" },
  ]);
  expect(overview.runsToday).toBe(1);
  const chinese = await getOverview({ ctx, input: { locale: "zh-CN" } });
  expect(chinese.rows[0]?.title).toMatch(/\p{Script=Han}/u);
});

test("a strip has the last runs on a cluster, oldest first, each with its worst part there", async () => {
  const { db } = instance;
  const mine = await instance.member(await instance.team(), "viewer");
  const place = { db, teamId: mine.team.id };
  const [here, there] = [await makeCluster(place, "here"), await makeCluster(place, "there")];
  const at = { ...place, clusterId: here.id };
  const ended = async (verdict: Verdict, more: Parameters<typeof makeRun>[1] = {}) =>
    makeRun(at, { verdict, ...more });
  for (let index = 0; index < 12; index += 1) await ended("skip");
  const early = await ended("pass");
  const split = await ended("pass");
  await db.runPart.create({
    data: { runId: split.id, ordinal: 1, teamId: at.teamId, clusterId: here.id, verdict: "unknown" },
  });
  const both = await ended("warn", { clusterIds: [here.id, there.id] });
  await db.runPart.updateMany({ where: { runId: both.id, clusterId: there.id }, data: { verdict: "fail" } });
  await ended("fail", { judgedFromId: early.id });
  await ended("fail", { status: "running", endedAt: null });
  const { clusters } = await getOverview({ ctx: mine, input: { locale: "en" } });
  expect(clusters.map(({ slug, strip }) => [slug, strip])).toEqual([
    ["here", [...Array.from({ length: 9 }, () => "skip"), "pass", "unknown", "warn"]],
    ["there", ["fail"]],
  ]);
});

test("a run of which not every part is looked at is not in a strip", async () => {
  const { db } = instance;
  const mine = await instance.member(await instance.team(), "viewer");
  const place = { db, teamId: mine.team.id };
  const stripOf = async (slug: string, partsOfRuns: number[]) => {
    const { id: clusterId } = await makeCluster(place, slug);
    for (const parts of partsOfRuns) {
      const run = await makeRun(
        { ...place, clusterId },
        { verdict: "pass", clusterIds: Array.from({ length: parts }, () => clusterId) },
      );
      const first = { runId: run.id, ordinal: 0 };
      if (parts === 2) await db.runPart.updateMany({ where: first, data: { verdict: "fail" } });
    }
    const { clusters } = await getOverview({ ctx: mine, input: { locale: "en" } });
    return clusters.find((cluster) => cluster.slug === slug)?.strip;
  };
  expect(await stripOf("cut-within", [2, 2, 57])).toEqual(["fail", "pass"]);
  expect(await stripOf("cut-between", [1, 2, 58])).toEqual(["fail", "pass"]);
});

test("a runbook tells its verdict on the chosen cluster and where it was tried last", async () => {
  const list = await listRunbooks({ ctx, input: { locale: "en", cluster: "stage" } });
  const summaryOf = (slug: string) => list.find((each) => each.slug === slug);
  expect(summaryOf(second.slug)).toMatchObject({
    verdict: "fail",
    lastProven: { verdict: "fail", by: "Ada", cluster: { slug: "stage" } },
  });
  expect(summaryOf(first.slug)).toMatchObject({ verdict: null, lastProven: { cluster: { slug: "prod" } } });

  const view = await getRunbook({ ctx, input: { slug: first.slug, cluster: "prod", locale: "zh-CN" } });
  expect(view.states).toHaveLength(1);
  expect(view.strip).toHaveLength(1);
  expect(view.checkViews.map((check) => check.id).sort()).toEqual([...first.checks].sort());
  expect(view.article.length).toBeGreaterThan(0);
  const unchosen = await getRunbook({ ctx, input: { slug: first.slug, locale: "en" } });
  expect(unchosen).toMatchObject({ states: [], strip: [], lastProven: { cluster: { slug: "prod" } } });
});

test("a check on hundreds of targets is one change, and the worst targets are the ones told apart", async () => {
  const [checkId = ""] = second.checks;
  const at = { clusterId: clusters.prod, checkId, teamId: ctx.team.id, checkedBy: "Ada" };
  const run = await makeRun({ db: instance.db, teamId: ctx.team.id, clusterId: clusters.prod });
  const stateOf = (index: number) => {
    const verdict: Verdict = index === 0 ? "fail" : "pass";
    const times = { changedAt: ago(0.5), checkedAt: ago(0.5) };
    const counts = { ...noCounts, [verdict]: 3 };
    return { ...at, ...times, verdict, counts, target: `ssh:web/${index}`, runId: run.id, resultId: run.id };
  };
  await instance.db.checkState.createMany({
    data: Array.from({ length: 300 }, (_, index) => stateOf(index)),
  });

  const overview = await getOverview({ ctx, input: { locale: "en" } });
  expect(overview.totals).toMatchObject({ pass: 300, fail: 2 });
  const changes = overview.changes.filter((change) => change.cluster.slug === "prod");
  expect(changes.map(({ to, targets }) => [to, targets]).toSorted()).toEqual([
    ["fail", 1],
    ["pass", 299],
  ]);
  const cell = overview.rows.find(({ runbook }) => runbook === second.slug)?.cells[0];
  expect(cell).toMatchObject({ cluster: "prod", verdict: "fail", counts: { pass: 897, fail: 3 } });
  const { states } = await getRunbook({ ctx, input: { slug: second.slug, cluster: "prod", locale: "en" } });
  expect(states).toHaveLength(200);
  expect(states[0]).toMatchObject({ verdict: "fail", target: "ssh:web/0" });
});

test("search and tags narrow the list in both languages", async () => {
  const { texts } = [...(await loadRunbooks()).values()].find((each) => each.slug === first.slug) ?? {};
  const tag = texts?.en.meta.tags[0] ?? "";
  const slugsFor = async (input: { q?: string; tag?: string }) =>
    (await listRunbooks({ ctx, input: { locale: "en", ...input } })).map((each) => each.slug);
  expect(await slugsFor({ tag })).toContain(first.slug);
  expect(await slugsFor({ tag: "no-such-tag" })).toEqual([]);
  expect((await slugsFor({ q: texts?.en.meta.title }))[0]).toBe(first.slug);
  expect((await slugsFor({ q: texts?.["zh-CN"].meta.title }))[0]).toBe(first.slug);
});

test("unknown names are not found", async () => {
  await expect(getRunbook({ ctx, input: { slug: "none", locale: "en" } })).rejects.toMatchObject({
    code: "not-found",
  });
  await expect(listRunbooks({ ctx, input: { locale: "en", cluster: "none" } })).rejects.toMatchObject({
    code: "not-found",
  });
});
