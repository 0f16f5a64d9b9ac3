import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verdict } from "#common/verdict.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { compareAcross } from "./across.ts";
import { findCounterparts } from "./counterparts.ts";
import { readHostMatrix } from "./host-matrix.ts";

let instance: TestInstance;
let ctx: TeamContext;
let named = 0;

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

type Said = { kind?: string; name: string; code?: string; verdict?: Verdict; observed?: string };
type Sketch = {
  result?: Partial<Prisma.ResultUncheckedCreateInput>;
  said?: Said[];
  measured?: [string, string | null, number][];
};

async function newClusters(count: number) {
  ctx = await instance.member(await instance.team(), "viewer");
  const { db } = instance;
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      named += 1;
      return makeCluster({ db, teamId: ctx.team.id }, `${index === 0 ? "prod" : "staging"}-${named}`);
    }),
  );
}

const runOn = (clusterIds: string[], run: Parameters<typeof makeRun>[1] = {}) =>
  makeRun({ db: instance.db, teamId: ctx.team.id, clusterId: clusterIds[0] ?? "" }, { ...run, clusterIds });

async function add(runId: string, clusterId: string, { result, said = [], measured = [] }: Sketch) {
  const { db } = instance;
  const row = await makeResult({ db, teamId: ctx.team.id, clusterId }, runId, result);
  await db.finding.createMany({
    data: said.map(({ kind = "Pod", name, code = "bad", verdict = "fail", observed }, ordinal) => ({
      ...{
        runId,
        resultId: row.id,
        ordinal,
        fingerprint: `${clusterId} ${ordinal}`,
        verdict,
        code,
        observed,
      },
      subject: { kind, namespace: "shop", name },
      message: { en: `${code} it is`, "zh-CN": "有问题" },
    })),
  });
  await db.measurement.createMany({
    data: measured.map(([name, subject, value], ordinal) => ({
      ...{ runId, resultId: row.id, ordinal, name, subject, value, unit: "1" },
    })),
  });
  return row;
}

/** Production and staging, each with a run of its own. */
async function twoRuns(a: Sketch, b: Sketch) {
  const [prod, staging] = await newClusters(2);
  if (!prod || !staging) throw new Error("two clusters were made");
  const [runA, runB] = [await runOn([prod.id]), await runOn([staging.id])];
  await add(runA.id, prod.id, a);
  await add(runB.id, staging.id, b);
  return compareAcross({ ctx, input: { runId: runA.id, with: runB.id } });
}

const names = (views: { subject: { name: string } }[]) => views.map(({ subject }) => subject.name);

test("two clusters are matched without their names: only here, only there, otherwise, the same", async () => {
  const { a, b, checks } = await twoRuns(
    {
      said: [
        { name: "web-0" },
        { name: "api-7d9f8b6c5d-x2x9z" },
        { name: "cache-0", observed: "1" },
        { name: "fine-0", verdict: "pass" },
        { name: "search-7d9f8b6c5d-x2x9z", verdict: "warn" },
        { name: "here-0" },
      ],
    },
    {
      said: [
        { name: "web-0" },
        { name: "api-5c689d88bb-fq4m7" },
        { name: "cache-0", observed: "2" },
        { name: "search-5c689d88bb-fq4m7", verdict: "fail" },
        { name: "there-0", verdict: "warn" },
      ],
    },
  );
  expect([a.cluster.slug.startsWith("prod"), b.cluster.slug.startsWith("staging")]).toEqual([true, true]);
  const [check] = checks;
  expect(check).toMatchObject({
    incomparable: null,
    counts: { onlyA: 1, onlyB: 1, differing: 2, same: 2 },
    byOwner: 2,
  });
  expect(names(check?.onlyA ?? [])).toEqual(["here-0"]);
  expect(names(check?.onlyB ?? [])).toEqual(["there-0"]);
  expect(check?.differing.map((pair) => [pair.a.subject.name, pair.b.subject.name])).toEqual([
    ["cache-0", "cache-0"],
    ["search-7d9f8b6c5d-x2x9z", "search-5c689d88bb-fq4m7"],
  ]);
});

test("nodes and addresses without a counterpart are said and not counted", async () => {
  const { checks } = await twoRuns(
    { said: [{ kind: "Node", name: "prod-1" }, { kind: "Node", name: "common" }, { name: "10.0.0.1" }] },
    {
      said: [
        { kind: "Node", name: "common" },
        { kind: "Node", name: "stage-1" },
      ],
    },
  );
  expect(checks[0]).toMatchObject({
    counts: { onlyA: 0, onlyB: 0, differing: 0, same: 1 },
    unmatched: { a: 2, b: 1, sample: ["prod-1", "10.0.0.1", "stage-1"] },
  });
});

test("other thresholds are shown, and do not keep from comparing; numbers stand side by side", async () => {
  const { checks } = await twoRuns(
    {
      result: { params: { warn: 5, window: 3 } },
      measured: [
        ["pods", null, 10],
        ["zero", null, 0],
        ["only", "x", 1],
      ],
    },
    {
      result: { params: { warn: 9, window: 3 } },
      measured: [
        ["pods", null, 25],
        ["zero", null, 4],
      ],
    },
  );
  expect(checks[0]).toMatchObject({
    incomparable: null,
    params: [{ name: "warn", a: "5", b: "9" }],
    measurements: [
      { name: "pods", a: 10, b: 25, ratio: 2.5 },
      { name: "zero", a: 0, b: 4, ratio: null },
    ],
  });
});

const missing = [
  { what: "list pods", read: 9, unit: "pods", missing: [{ code: "forbidden", what: "list" }] },
];
test.each([
  ["not-read-fully", { coverage: missing }],
  ["not-read-fully", { verdict: "unknown", reason: { code: "forbidden", what: "list pods" } }],
  ["different-version", { checkVersion: 2 }],
  ["skipped", { verdict: "skip" }],
  ["not-finished", { verdict: null, phase: "reading" }],
] as const)("what is not there is not called missing when one side is %s", async (why, result) => {
  const { checks } = await twoRuns(
    { said: [{ name: "web-0" }] },
    { result: JSON.parse(JSON.stringify(result)) },
  );
  expect(checks[0]).toMatchObject({ incomparable: why, counts: { onlyA: 0, onlyB: 0 } });
});

test("two clusters of one run, the second by itself or named, and a cluster that is not in it", async () => {
  const [prod, staging] = await newClusters(2);
  if (!prod || !staging) throw new Error("two clusters were made");
  const { id: runId } = await runOn([prod.id, staging.id]);
  await add(runId, prod.id, { said: [{ name: "web-0" }] });
  await add(runId, staging.id, {});
  const across = await compareAcross({ ctx, input: { runId } });
  expect([across.a.cluster.slug, across.b.cluster.slug]).toEqual([prod.slug, staging.slug]);
  expect(across.checks[0]?.counts.onlyA).toBe(1);
  const turned = await compareAcross({ ctx, input: { runId, a: staging.slug, b: prod.slug } });
  expect(turned.checks[0]?.counts.onlyB).toBe(1);
  await expect(compareAcross({ ctx, input: { runId, a: "nowhere" } })).rejects.toMatchObject({
    code: "not-found",
  });
});

const onHost = (target: string, more: object = {}) => ({
  checkId: "host/x",
  target,
  targetName: target,
  ...more,
});

test("two chosen hosts of one run are compared, each by what it says of itself", async () => {
  const [prod] = await newClusters(1);
  if (!prod) throw new Error("a cluster was made");
  const { id: runId } = await runOn([prod.id]);
  await add(runId, prod.id, {
    result: onHost("h1"),
    said: [{ kind: "host", name: "h1" }],
    measured: [["load", "h1", 2]],
  });
  await add(runId, prod.id, {
    result: onHost("h2", { ordinal: 1 }),
    said: [{ kind: "host", name: "h2" }],
    measured: [["load", "h2", 6]],
  });
  const { checks } = await compareAcross({ ctx, input: { runId, targetA: "h1", targetB: "h2" } });
  expect(checks).toHaveLength(1);
  expect(checks[0]).toMatchObject({ counts: { same: 1, onlyA: 0, onlyB: 0 } });
  expect(checks[0]?.measurements).toEqual([{ name: "load", subject: null, unit: "1", a: 2, b: 6, ratio: 3 }]);
});

test("of many hosts those of one name are pairs, and the others stand alone", async () => {
  const [prod, staging] = await newClusters(2);
  if (!prod || !staging) throw new Error("two clusters were made");
  const { id: runId } = await runOn([prod.id, staging.id]);
  for (const name of ["a", "b"]) await add(runId, prod.id, { result: onHost(name) });
  for (const name of ["b", "c"]) await add(runId, staging.id, { result: onHost(name) });
  const { checks } = await compareAcross({ ctx, input: { runId } });
  expect(checks.map(({ a, b, incomparable }) => [a?.name, b?.name, incomparable]).sort()).toEqual(
    [
      ["a", undefined, "only-a"],
      ["b", "b", null],
      [undefined, "c", "only-b"],
    ].sort(),
  );
});

test("the matrix names the hosts that do not say what most say", async () => {
  const [prod] = await newClusters(1);
  if (!prod) throw new Error("a cluster was made");
  const { id: runId } = await runOn([prod.id]);
  const bad = [{ kind: "host", name: "cgroup of its own" }];
  for (let index = 0; index < 40; index += 1) {
    const verdict = index === 7 ? "unknown" : "fail";
    const said = index === 9 ? [...bad, { kind: "host", name: "x", code: "other" }] : bad;
    await add(runId, prod.id, { result: onHost(`h${index}`, { verdict, ordinal: index }), said });
  }
  const matrix = await readHostMatrix({ ctx, input: { runId } });
  expect(matrix).toMatchObject({
    hosts: 40,
    checks: [{ hosts: 40, differing: 2, majority: { verdict: "fail", hosts: 38 } }],
  });
  expect(matrix.rows.map(({ name, cells }) => [name, cells[0]?.differs])).toEqual([
    ["h7", "verdict"],
    ["h9", "findings"],
  ]);
});

test("the other clusters' newest runs of these checks are offered", async () => {
  const [prod, staging, third] = await newClusters(3);
  if (!prod || !staging || !third) throw new Error("three clusters were made");
  const { id: runId } = await runOn([prod.id], { checks: ["kubernetes/a", "kubernetes/b"] });
  const covering = await runOn([staging.id], { checks: ["kubernetes/a", "kubernetes/b"] });
  await runOn([staging.id], { checks: ["kubernetes/a"] });
  await runOn([third.id], { checks: ["kubernetes/z"] });
  const offered = await findCounterparts({ ctx, input: { runId } });
  expect(offered).toMatchObject([{ cluster: { slug: staging.slug }, runId: covering.id, shared: 2 }]);
});

test("another team's run is not there to compare with", async () => {
  const [theirs] = await newClusters(1);
  if (!theirs) throw new Error("a cluster was made");
  const { id: other } = await runOn([theirs.id]);
  const [ours] = await newClusters(1);
  if (!ours) throw new Error("a cluster was made");
  const { id: runId } = await runOn([ours.id]);
  const gone = { code: "not-found" };
  await expect(compareAcross({ ctx, input: { runId, with: other } })).rejects.toMatchObject(gone);
  await expect(readHostMatrix({ ctx, input: { runId: other } })).rejects.toMatchObject(gone);
  await expect(findCounterparts({ ctx, input: { runId: other } })).rejects.toMatchObject(gone);
});
