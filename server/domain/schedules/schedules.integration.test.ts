import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { scheduleDraftSchema } from "#common/contracts/schedule.ts";
import { defineCheck } from "#server/checks/define-check.ts";
import { document } from "#server/checks/needs/document.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { setParams } from "../params/set.ts";
import { createSchedule } from "./create.ts";
import { getSchedule } from "./get.ts";
import { listSchedules } from "./list.ts";
import { previewSchedule } from "./preview.ts";
import { removeSchedule } from "./remove.ts";
import { runScheduleNow } from "./run-now.ts";
import { switchSchedule } from "./switch.ts";
import { updateSchedule } from "./update.ts";

const text = { en: "An example", "zh-CN": "一个例子" };
const about = { version: 1, title: text, why: text, remedy: text, judge: () => ({ findings: [] }) };
const library = [
  defineCheck({
    ...about,
    id: "kubernetes/example",
    params: z.object({ warnPercent: z.number().max(100).default(5) }),
    needs: {},
  }),
  defineCheck({ ...about, id: "kubernetes/named", params: z.object({ name: z.string().min(1) }), needs: {} }),
  defineCheck({
    ...about,
    id: "host/loads",
    effect: "active",
    impact: text,
    params: z.object({}),
    needs: {},
  }),
  defineCheck({ ...about, id: "document/reads", params: z.object({}), needs: { text: document.text() } }),
];

let instance: TestInstance;
let ctx: TeamContext;

beforeAll(async () => {
  instance = await createTestInstance();
});
beforeEach(async () => {
  ctx = await instance.member(await instance.team(), "operator");
  for (const slug of ["prod", "staging"]) await makeCluster({ db: instance.db, teamId: ctx.team.id }, slug);
});
afterAll(() => instance.close());

const draft = (changes: Partial<z.input<typeof scheduleDraftSchema>> = {}) =>
  scheduleDraftSchema.parse({
    ...{ name: "Nightly", cron: " 0  3 * * * ", timeZone: "Europe/Berlin", runbook: null },
    ...{ checks: [{ id: "kubernetes/example" }], clusters: ["prod"] },
    ...changes,
  });
const create = async (changes: Parameters<typeof draft>[0] = {}) =>
  (await createSchedule({ ctx, input: draft(changes), library })).scheduleId;
const get = (scheduleId: string) => getSchedule({ ctx, input: { scheduleId } });

test("it is there with its next time, in words, by whom", async () => {
  const id = await create({ clusters: ["staging", "prod", "staging"], jitterSeconds: 600 });
  const view = await get(id);
  expect(view).toMatchObject({
    ...{ name: "Nightly", cron: "0 3 * * *", description: { en: "At 03:00" } },
    ...{ enabled: true, lastAt: null, lastRun: null, lastOutcome: null, disabledReason: null },
    createdBy: ctx.actor.type === "user" && ctx.actor.name,
  });
  expect(view.clusters.map(({ slug }) => slug)).toEqual(["staging", "prod"]);
  const untilMs = (view.nextAt?.getTime() ?? 0) - Date.now();
  expect(untilMs).toBeGreaterThan(0);
  expect(untilMs).toBeLessThan(25.5 * 3_600_000);
  expect(await listSchedules({ ctx })).toEqual([view]);
});

describe("what is refused, and where", () => {
  test.each([
    [{ cron: "* * * * *" }, { cron: "schedule-cron-often" }],
    [{ cron: "0 0 30 2 *" }, { cron: "schedule-cron-never" }],
    [{ cron: "@reboot" }, { cron: "schedule-cron-format" }],
    [{ timeZone: "Mars/Olympus" }, { timeZone: "schedule-zone-unknown" }],
    [{ cron: "*/10 * * * *", jitterSeconds: 600 }, { jitterSeconds: "schedule-jitter-long" }],
    [{ clusters: [] }, { clusters: "schedule-choose-cluster" }],
    [{ checks: [] }, { checks: "schedule-nothing-chosen" }],
    [{ runbook: "duplicate-pod-ip" }, { runbook: "schedule-runbook-or-checks" }],
    [{ checks: [{ id: "host/loads" }] }, { "checks.0.id": "schedule-active-check" }],
    [{ checks: [{ id: "document/reads" }] }, { "checks.0.id": "schedule-document-check" }],
    [{ checks: [{ id: "kubernetes/none" }] }, { "checks.0.id": "check-unknown" }],
    [
      { checks: [{ id: "kubernetes/example" }, { id: "kubernetes/example" }] },
      { "checks.1.id": "check-twice" },
    ],
    [
      { checks: [{ id: "kubernetes/example", params: { warnPercent: 101 } }] },
      { "checks.0.params.warnPercent": "field-too-big" },
    ],
    [{ checks: [{ id: "kubernetes/named" }] }, { "checks.0.params.name": "field-required" }],
  ])("%j", async (changes, fields) => {
    await expect(create(changes)).rejects.toMatchObject({ code: "invalid", fields });
    const id = await create();
    const input = { ...draft(changes), scheduleId: id };
    await expect(updateSchedule({ ctx, input, library })).rejects.toMatchObject({ fields });
  });

  test("another team's cluster and an unknown runbook are not there", async () => {
    const other = await instance.team();
    await makeCluster({ db: instance.db, teamId: other.id }, "theirs");
    await expect(create({ clusters: ["theirs"] })).rejects.toMatchObject({ message: "cluster-not-found" });
    const none = { runbook: "no-such", checks: [] };
    await expect(create(none)).rejects.toMatchObject({ message: "runbook-not-found" });
  });

  test("a required parameter may come from what the team keeps", async () => {
    const admin = await instance.member(ctx.team, "admin");
    const values = { name: "kept" };
    await setParams({ ctx: admin, input: { check: "kubernetes/named", cluster: null, values }, library });
    await expect(create({ checks: [{ id: "kubernetes/named" }] })).resolves.toBeTruthy();
  });

  test("a team has so many and no more", async () => {
    const teamId = ctx.team.id;
    await instance.db.schedule.createMany({
      data: Array.from({ length: 200 }, (_, index) => ({
        ...{ teamId, name: `S${index}`, cron: "0 3 * * *", timeZone: "UTC", createdByName: "Ada" },
        ...{ enabled: false, clusterIds: [] },
      })),
    });
    await expect(create()).rejects.toMatchObject({ code: "too-many", message: "schedule-too-many" });
  });
});

test("a change of its times, or switching it on, makes it go on from now; anything else leaves its next time", async () => {
  const id = await create();
  const { nextAt } = await get(id);
  await updateSchedule({ ctx, input: { ...draft({ name: "Other" }), scheduleId: id }, library });
  expect(await get(id)).toMatchObject({ name: "Other", nextAt });
  await updateSchedule({ ctx, input: { ...draft({ cron: "0 4 * * *" }), scheduleId: id }, library });
  expect((await get(id)).nextAt).not.toEqual(nextAt);

  await switchSchedule({ ctx, input: { scheduleId: id, enabled: false } });
  expect(await get(id)).toMatchObject({ enabled: false, nextAt: null });
  await instance.db.schedule.update({ where: { id }, data: { disabledReason: "no-cluster" } });
  await switchSchedule({ ctx, input: { scheduleId: id, enabled: true } });
  const again = await get(id);
  expect(again).toMatchObject({ enabled: true, disabledReason: null });
  expect(again.nextAt?.getTime()).toBeGreaterThan(Date.now());
});

test("run now: a run by whoever asked, linked to the schedule, once per key", async () => {
  const id = await create({ clusters: ["prod", "staging"] });
  const { nextAt } = await get(id);
  const input = { scheduleId: id, idempotencyKey: randomUUID() };
  const { runId } = await runScheduleNow({ ctx, input, library });
  expect(await runScheduleNow({ ctx, input, library })).toEqual({ runId });
  const run = await instance.db.run.findUniqueOrThrow({ where: { id: runId } });
  expect(run).toMatchObject({ scheduleId: id, requestedBy: ctx.actor.type === "user" && ctx.actor.name });
  expect(run.clusterIds).toHaveLength(2);
  expect(await get(id)).toMatchObject({ nextAt, lastRun: { id: runId, status: "queued" } });
});

test("removed, it is gone and its runs stay", async () => {
  const id = await create();
  const { runId } = await runScheduleNow({
    ctx,
    input: { scheduleId: id, idempotencyKey: randomUUID() },
    library,
  });
  await removeSchedule({ ctx, input: { scheduleId: id } });
  await expect(get(id)).rejects.toMatchObject({ code: "not-found", message: "schedule-not-found" });
  expect(await instance.db.run.count({ where: { id: runId } })).toBe(1);
});

test("another team sees and changes none of it", async () => {
  const scheduleId = await create();
  const other = await instance.member(await instance.team(), "owner");
  const gone = { code: "not-found", message: "schedule-not-found" };
  const input = { scheduleId };
  await expect(getSchedule({ ctx: other, input })).rejects.toMatchObject(gone);
  await expect(removeSchedule({ ctx: other, input })).rejects.toMatchObject(gone);
  await expect(switchSchedule({ ctx: other, input: { ...input, enabled: false } })).rejects.toMatchObject(
    gone,
  );
  await expect(
    runScheduleNow({ ctx: other, input: { ...input, idempotencyKey: randomUUID() }, library }),
  ).rejects.toMatchObject(gone);
  expect(await listSchedules({ ctx: other })).toEqual([]);
  expect(await get(scheduleId)).toMatchObject({ enabled: true, lastRun: null });
});

test("the preview says when and in words, or what is wrong", () => {
  const at = { now: () => new Date("2026-10-24T12:00:00Z") };
  const input = { cron: "30 2 * * *", timeZone: "Europe/Berlin", jitterSeconds: 60 };
  const { times, description } = previewSchedule({ ctx: at, input });
  expect(description.en).toBe("At 02:30");
  expect(times.map((each) => each.toISOString())).toEqual([
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
    "2026-10-27T01:30:00.000Z",
    "2026-10-28T01:30:00.000Z",
    "2026-10-29T01:30:00.000Z",
  ]);
  expect(() => previewSchedule({ ctx: at, input: { ...input, cron: "never" } })).toThrow("invalid");
});
