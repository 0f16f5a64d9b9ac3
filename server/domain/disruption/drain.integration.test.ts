import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleFacts } from "#common/kubernetes/drain-example.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { drainNodes } from "./drain-nodes.ts";
import { planDrain } from "./plan-drain.ts";
import { simulateDrain } from "./simulate-drain.ts";

let instance: TestInstance;
let ctx: TeamContext;
let clusters = 0;
const zip = promisify(zstdCompress);

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "viewer");
});
afterAll(() => instance.close());

const read = { ...exampleFacts, replicaSets: [], jobs: [] };
const forbidden = { unread: { code: "forbidden", what: "list persistentvolumes" } };

async function clusterOf() {
  clusters += 1;
  return makeCluster({ db: instance.db, teamId: ctx.team.id }, `drained-${clusters}`);
}

/** A finished result of a check with these facts, as a worker leaves it. */
async function checked(
  clusterId: string,
  needs: Record<string, unknown>,
  { checkId = "kubernetes/eviction-availability", at = "2026-01-12T06:00:00.000Z" } = {},
) {
  const place = { db: instance.db, teamId: ctx.team.id, clusterId };
  const run = await makeRun(place, { checks: [checkId] });
  const result = await makeResult(place, run.id, { checkId });
  const text = Buffer.from(JSON.stringify({ observedAt: at, needs }));
  const key = { runId: run.id, resultId: result.id };
  await instance.db.facts.create({
    data: { ...key, data: new Uint8Array(await zip(text)), byteLength: text.length },
  });
  const state = { verdict: "fail", checkedBy: "Ada", ...key } as const;
  const moments = { changedAt: new Date(at), checkedAt: new Date(at) };
  await instance.db.checkState.create({
    data: { clusterId, checkId, target: "kubernetes", teamId: ctx.team.id, ...state, ...moments },
  });
  return key;
}

const question = { parallel: 1, keepPercent: 50, zoneByZone: true, which: "all", find: "" } as const;

test("where nothing was read, there is nothing to work on", async () => {
  const { slug: cluster } = await clusterOf();
  expect(await drainNodes({ ctx, input: { cluster } })).toBeNull();
  expect(await simulateDrain({ ctx, input: { cluster, nodes: ["node-1"] } })).toBeNull();
  expect(await planDrain({ ctx, input: { cluster, ...question } })).toBeNull();
});

test("the newest facts of either check are used, and say whose they are", async () => {
  const { id, slug: cluster } = await clusterOf();
  await checked(id, { ...read, nodes: [] }, { at: "2026-01-12T05:00:00.000Z" });
  const { runId } = await checked(
    id,
    { ...read, volumes: forbidden },
    { checkId: "kubernetes/node-upgrades" },
  );
  const found = await drainNodes({ ctx, input: { cluster } });
  expect(found?.source).toEqual({
    ...{ observedAt: new Date("2026-01-12T06:00:00.000Z"), by: "Ada", runId, volumesUnread: true },
  });
  expect(found?.nodes.map(({ name, pods }) => [name, pods]).slice(0, 2)).toEqual([
    ["node-1", 3],
    ["node-2", 4],
  ]);
  const report = await simulateDrain({ ctx, input: { cluster, nodes: ["node-2", "no-such-node"] } });
  expect(report).toMatchObject({ nodes: 1, down: [{ namespace: "shop", name: "huddle", endpoints: 2 }] });
  const order = await planDrain({ ctx, input: { cluster, ...question } });
  expect(order?.batches.flatMap(({ nodes }) => nodes).sort()).toEqual([
    "node-1",
    "node-6",
    "node-7",
    "node-8",
  ]);
  expect(order?.blocked.map(({ node }) => node).sort()).toEqual(["node-2", "node-3", "node-4", "node-5"]);
});

test("facts that hold less than a drain needs are passed over", async () => {
  const { id, slug: cluster } = await clusterOf();
  const { pods, ...rest } = read;
  expect(pods.length).toBeGreaterThan(0);
  await checked(id, { ...rest, pods: forbidden });
  expect(await drainNodes({ ctx, input: { cluster } })).toBeNull();
});

test("another team sees neither the cluster nor its facts", async () => {
  const { id, slug: cluster } = await clusterOf();
  await checked(id, read);
  const stranger = await instance.member(await instance.team(), "owner");
  await expect(drainNodes({ ctx: stranger, input: { cluster } })).rejects.toMatchObject({
    code: "not-found",
  });
  await expect(simulateDrain({ ctx: stranger, input: { cluster, nodes: ["node-1"] } })).rejects.toMatchObject(
    { code: "not-found" },
  );
});
