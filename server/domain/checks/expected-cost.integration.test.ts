import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { expectedCost } from "./expected-cost.ts";

let instance: TestInstance;
let ctx: TeamContext;
beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "viewer");
});
afterAll(() => instance?.close());

test("the targets and calls of the last run that read, and nothing where there was none", async () => {
  const { db } = instance;
  const teamId = ctx.team.id;
  const { id: clusterId } = await makeCluster({ db, teamId }, "prod");
  const place = { db, teamId, clusterId };
  const input = { cluster: "prod", check: "host/example" };
  const expected = () => expectedCost({ ctx, input });
  expect(await expected()).toBeNull();
  const cost = (calls: number) => ({ calls, bytes: 1, throttled: 0, seconds: 1 });
  const host = { checkId: "host/example" };
  const earlier = await makeRun(place);
  await makeResult(place, earlier.id, { ...host, target: "a", cost: cost(90) });
  const last = await makeRun(place);
  await makeResult(place, last.id, { ...host, target: "a", cost: cost(3) });
  await makeResult(place, last.id, { ...host, target: "b", cost: cost(4) });
  const judged = await makeRun(place);
  await makeResult(place, judged.id, { ...host, target: "a", cost: cost(0), factsRunId: last.id });
  expect(await expected()).toEqual({ targets: 2, calls: 7 });
  const stranger = await instance.member(await instance.team(), "owner");
  await expect(expectedCost({ ctx: stranger, input })).rejects.toMatchObject({ code: "not-found" });
});
