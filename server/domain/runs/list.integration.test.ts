import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunFilter } from "#common/contracts/run.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { encodeCursor } from "../cursor.ts";
import { firstIdAt } from "../id-time.ts";
import { listRuns } from "./list.ts";

let instance: TestInstance;
let ctx: TeamContext;
const ids: string[] = [];

const checkOf = (index: number) => (index === 1 ? "host/a" : "kubernetes/b");

/** Noon of the days from the first of this month on. */
function noon(day: number): number {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1 + day, 12);
}

beforeAll(async () => {
  instance = await createTestInstance();
  const { db } = instance;
  ctx = await instance.member(await instance.team(), "viewer");
  const teamId = ctx.team.id;
  const prod = await makeCluster({ db, teamId }, "prod");
  const stage = await makeCluster({ db, teamId }, "stage");
  const document = "a long text of a document";
  for (let index = 0; index < 7; index++) {
    const clusterId = index % 2 === 0 ? prod.id : stage.id;
    const run = await makeRun(
      { db, teamId, clusterId },
      {
        runbook: index < 3 ? "host-ports" : null,
        verdict: index === 0 ? "pass" : "fail",
        requestedBy: index === 6 ? "Grace Hopper" : "Ada",
        selection: [{ id: checkOf(index), params: {}, document }],
        // The id is the time: nothing else says when a run was.
        id: firstIdAt(noon(index)).replace("-0000-0000-", "-7000-8000-"),
      },
    );
    await makeResult({ db, teamId, clusterId }, run.id, { checkId: checkOf(index) });
    ids.unshift(run.id);
  }
  const other = await instance.team();
  const theirs = await makeCluster({ db, teamId: other.id }, "prod");
  await makeRun({ db, teamId: other.id, clusterId: theirs.id });
});
afterAll(() => instance.close());

async function idsOf(filter: RunFilter): Promise<string[]> {
  const { items } = await listRuns({ ctx, input: { filter, limit: 50 } });
  return items.map((item) => item.id);
}

test("pages through all runs of the team, newest first, each once", async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRuns>> = await listRuns({
      ctx,
      input: { filter: {}, cursor, limit: 3 },
    });
    seen.push(...page.items.map((item) => item.id));
    cursor = page.next;
  } while (cursor);
  expect(seen).toEqual(ids);
});

test("each filter keeps what it names", async () => {
  expect(await idsOf({ cluster: "stage" })).toEqual([ids[1], ids[3], ids[5]]);
  expect(await idsOf({ cluster: "none" })).toEqual([]);
  expect(await idsOf({ runbook: "host-ports" })).toEqual([ids[4], ids[5], ids[6]]);
  expect(await idsOf({ check: "host/a" })).toEqual([ids[5]]);
  expect(await idsOf({ verdict: "pass" })).toEqual([ids[6]]);
  expect(await idsOf({ person: "hopper" })).toEqual([ids[0]]);
  const between = { from: new Date(noon(2) - 1), to: new Date(noon(4) - 1) };
  expect(await idsOf(between)).toEqual([ids[3], ids[4]]);
  expect(await idsOf({ ...between, cluster: "prod" })).toEqual([ids[4]]);
  expect(await idsOf({ to: new Date(8.64e15) })).toEqual(ids);
});

test("a member is found by id, and somebody who left by the name the run was asked for under", async () => {
  const member = await instance.member(ctx.team, "operator");
  const userId = member.actor.type === "user" ? member.actor.userId : "";
  await instance.db.run.updateMany({ where: { id: ids[2] }, data: { requestedById: userId } });
  expect(await idsOf({ person: userId })).toEqual([ids[2]]);
  expect(await idsOf({ person: "%" })).toEqual([]);
});

test("a row names its cluster and its checks, and carries no document", async () => {
  const { items } = await listRuns({ ctx, input: { filter: { check: "host/a" }, limit: 1 } });
  expect(items[0]).toMatchObject({ clusters: [{ slug: "stage" }], checks: ["host/a"], requestedBy: "Ada" });
  expect(JSON.stringify(items)).not.toContain("document");
});

test("a cursor that was made up is refused", async () => {
  const bad = ["x", encodeCursor({ id: "1" }), encodeCursor({ id: "' OR 1=1" }), encodeCursor(null)];
  for (const cursor of bad) {
    await expect(listRuns({ ctx, input: { filter: {}, cursor, limit: 5 } })).rejects.toMatchObject({
      code: "invalid",
      message: "cursor-invalid",
    });
  }
});
