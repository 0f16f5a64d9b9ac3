import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { readTrend } from "./trend.ts";

let instance: TestInstance;
let ctx: TeamContext;
const check = "host/example";

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "viewer");
});
afterAll(() => instance.close());

test("the last runs of a check on a cluster, newest first, the worst of the targets in each", async () => {
  const { db } = instance;
  const teamId = ctx.team.id;
  const prod = await makeCluster({ db, teamId }, "prod");
  const stage = await makeCluster({ db, teamId }, "stage");
  const place = { db, teamId, clusterId: prod.id };
  const ids: string[] = [];
  for (let index = 0; index < 23; index += 1) {
    const run = await makeRun(place);
    ids.unshift(run.id);
    await makeResult(place, run.id, { checkId: check, target: "ssh:a", verdict: "pass" });
    await makeResult(place, run.id, {
      ...{ checkId: check, target: "ssh:b", verdict: index === 22 ? "unknown" : "skip" },
    });
    await makeResult({ ...place, clusterId: stage.id }, run.id, { checkId: check, verdict: "fail" });
  }
  const again = await makeRun(place, { judgedFromId: ids[0] });
  await makeResult(place, again.id, { checkId: check, verdict: "fail", factsRunId: ids[0] });

  const trend = await readTrend({ ctx, input: { cluster: "prod", check } });
  expect(trend.map(({ runId }) => runId)).toEqual(ids.slice(0, 20));
  expect(trend.slice(0, 2).map(({ verdict }) => verdict)).toEqual(["unknown", "pass"]);
  expect(await readTrend({ ctx, input: { cluster: "stage", check: "host/none" } })).toEqual([]);
});
