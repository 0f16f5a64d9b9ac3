import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { scheduleDraftSchema } from "#common/contracts/schedule.ts";
import { noCounts, type Reason } from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";
import { addChannel, startSending } from "#testing/channels.ts";
import { fakeFinding } from "#testing/fake-targets.ts";
import { type HttpReceiver, startHttpReceiver } from "#testing/http-receiver.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeRun } from "#testing/run-rows.ts";
import { defineCheck } from "../checks/define-check.ts";
import { removeCluster } from "../domain/clusters/remove.ts";
import type { TeamContext } from "../domain/context.ts";
import { createSchedule } from "../domain/schedules/create.ts";
import { fireNext } from "../domain/schedules/fire-next.ts";
import { noteFailedRun } from "../domain/schedules/note-failed-run.ts";
import type { Outcome } from "../engine/execution.ts";
import { fingerprint } from "../engine/fingerprint.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { recordOutcomes } from "./record-outcomes.ts";

const text = { en: "An example", "zh-CN": "一个例子" };
const about = {
  version: 1,
  title: text,
  why: text,
  remedy: text,
  needs: {},
  judge: () => ({ findings: [] }),
};
const checkId = "kubernetes/example";
const library = [defineCheck({ ...about, id: checkId, params: z.object({}) })];
const forbidden: Reason = { code: "forbidden", what: "list pods in namespace a" };

let instance: TestInstance;
let receiver: HttpReceiver;
let ctx: TeamContext;
let place: { teamId: string; clusterId: string };
let sender: Awaited<ReturnType<typeof startSending>> | undefined;

beforeAll(async () => {
  [instance, receiver] = await Promise.all([createTestInstance(), startHttpReceiver()]);
});
beforeEach(async () => {
  await instance.db.channel.deleteMany();
  await instance.db.notice.deleteMany();
  await instance.db.schedule.deleteMany();
  receiver.posts.splice(0);
  ctx = await instance.member(await instance.team(), "admin");
  const cluster = await makeCluster({ db: instance.db, teamId: ctx.team.id }, "prod");
  place = { teamId: ctx.team.id, clusterId: cluster.id };
  await addChannel(ctx, { kind: "webhook", address: receiver.url("/hook") });
  sender = await startSending(instance);
});
afterEach(async () => {
  await sender?.stop();
});
afterAll(async () => {
  await receiver?.close();
  await instance?.close();
});

/** The messages so far, once there are so many and nothing that was noted still waits. */
async function messages(count: number) {
  await instance.pool.query("SELECT pg_notify('weekbook_notice', '')");
  await vi.waitFor(
    async () => {
      expect(await instance.db.notice.count({ where: { routedAt: null } })).toBe(0);
      expect(await instance.db.delivery.count({ where: { endedAt: null } })).toBe(0);
      expect(receiver.posts.length).toBe(count);
    },
    { timeout: 20_000, interval: 20 },
  );
  return receiver.posts.map(({ body }) => JSON.parse(body));
}

type Told = { verdict: Verdict; reason?: Reason; target?: string; judgedFromId?: string; unknown?: string };

/** A run of one question that comes to this, as a worker records it. */
async function recorded({ verdict, reason, target = "api", judgedFromId, unknown }: Told): Promise<string> {
  const { db } = instance;
  const run = await makeRun(
    { db, ...place },
    { status: "running", endedAt: null, verdict: null, judgedFromId },
  );
  await db.runPart.updateMany({
    where: { runId: run.id },
    data: { status: "queued", endedAt: null, attempt: 0 },
  });
  const attempt = await beginAttempt(db, { runId: run.id, part: 0, teamId: place.teamId });
  if (!attempt) throw new Error("there was nothing to begin");
  const row = await db.result.create({
    data: { runId: run.id, ...place, ordinal: 0, checkId, checkVersion: 1, target, targetName: target },
  });
  const found = unknown === undefined ? [] : [fakeFinding("unknown", unknown)];
  const findings = found.map((finding) => {
    const { subject, code } = finding;
    const identity = { checkId, scope: place.clusterId, targetKey: target, subject, code };
    return { ...finding, fingerprint: fingerprint(identity) };
  });
  const now = new Date();
  const outcome: Outcome = {
    ...{ key: checkId, verdict, reason, findings, measurements: [], pictures: [] },
    ...{ coverage: [{ what: "list pods", read: 3, unit: "pods", missing: [] }] },
    ...{ counts: { ...noCounts, unknown: findings.length }, startedAt: now, endedAt: now },
    ...{ cost: { calls: 1, bytes: 0, throttled: 0, seconds: 0 } },
    facts: { observedAt: now.toISOString(), needs: {} },
  };
  await recordOutcomes(db, attempt, [{ row, outcome }]);
  await db.run.update({ where: { id: run.id }, data: { status: "done", endedAt: new Date() } });
  return run.id;
}

describe("a check that cannot be answered", () => {
  test("is told once, with the reason and the run, and once more when it is answered again", async () => {
    await recorded({ verdict: "pass" });
    const runId = await recorded({ verdict: "unknown", reason: forbidden });
    const [first] = await messages(1);
    expect(first).toMatchObject({ counts: { unreadable: 1 }, findings: [], headline: expect.any(String) });
    expect(first.checks).toMatchObject([
      {
        ...{ change: "unreadable", check: { id: checkId }, cluster: { slug: "prod" }, target: "api" },
        reason: "list pods in namespace a",
        url: expect.stringContaining(`/runs/${runId}`),
      },
    ]);
    await recorded({ verdict: "unknown", reason: forbidden });
    await messages(1);
    await recorded({ verdict: "pass" });
    const [, second] = await messages(2);
    expect(second).toMatchObject({
      counts: { readable: 1 },
      checks: [{ change: "readable", target: "api", reason: null }],
    });
  });

  test("is no news at its first try, judged again, on a pasted text, or where findings say it themselves", async () => {
    await recorded({ verdict: "unknown", reason: forbidden });
    await recorded({ verdict: "pass", target: "document" });
    await recorded({ verdict: "unknown", reason: forbidden, target: "document" });
    await recorded({ verdict: "pass", target: "other" });
    const before = await recorded({ verdict: "pass", target: "third" });
    await recorded({ verdict: "unknown", reason: forbidden, target: "third", judgedFromId: before });
    await recorded({ verdict: "unknown", target: "other", unknown: "web-0" });
    const told = await messages(1);
    expect(told).toMatchObject([{ counts: { opened: 1 }, checks: [] }]);
  });
});

/** A schedule that is due now. */
async function due(changes: object = {}) {
  const input = scheduleDraftSchema.parse({
    ...{ name: "Nightly", cron: "*/5 * * * *", timeZone: "UTC", runbook: null, clusters: ["prod"] },
    ...{ checks: [{ id: checkId }], ...changes },
  });
  const { scheduleId } = await createSchedule({ ctx, input, library });
  await again(scheduleId);
  return scheduleId;
}
/** An occurrence of its own each time, since the same one is the same run. */
let secondsAgo = 0;
function again(id: string) {
  secondsAgo += 1;
  const occurrenceAt = new Date(Date.now() - secondsAgo * 1_000);
  return instance.db.schedule.update({ where: { id }, data: { occurrenceAt, nextAt: occurrenceAt } });
}
const fire = (with_: typeof library) =>
  fireNext({ db: instance.db, queue: instance.services.queue, library: with_ });

describe("a schedule that did not run", () => {
  test("refused: told once until it ran, and then again", async () => {
    const id = await due();
    await fire([]);
    const [first] = await messages(1);
    expect(first).toMatchObject({
      counts: { not_run: 1 },
      schedules: [{ id, name: "Nightly", why: expect.stringContaining("Nightly") }],
    });
    expect(first.schedules[0].url).toContain(`/schedules#${id}`);
    await again(id);
    await fire([]);
    await messages(1);
    await again(id);
    expect((await fire(library))?.outcome.result).toBe("started");
    await again(id);
    await fire([]);
    await messages(2);
  });

  test("missed while nobody was there, and switched off with its last cluster", async () => {
    const id = await due({ missedRule: "skip", cron: "0 0 1 1 *" });
    const long = new Date(Date.now() - 3 * 86_400_000);
    await instance.db.schedule.update({ where: { id }, data: { occurrenceAt: long, nextAt: long } });
    expect((await fire(library))?.outcome.result).toBe("missed");
    const [missed] = await messages(1);
    expect(missed).toMatchObject({ counts: { not_run: 1 }, schedules: [{ id }] });
    await removeCluster({ ctx, input: { cluster: "prod" } });
    await again(id);
    expect((await fire(library))?.outcome.result).toBe("disabled");
    const [, off] = await messages(2);
    expect(off.schedules).toMatchObject([{ id, name: "Nightly" }]);
    expect(off.schedules[0].why).not.toBe(missed.schedules[0].why);
  });

  test("failed: with the run, and not again while each of its runs fails", async () => {
    const scheduleId = await due();
    const ended = async (status: "failed" | "done") => {
      const run = await makeRun({ db: instance.db, ...place }, { scheduleId, status });
      if (status === "failed") await instance.db.$transaction((tx) => noteFailedRun(tx, run));
      return run.id;
    };
    const runId = await ended("failed");
    const [first] = await messages(1);
    expect(first).toMatchObject({ counts: { not_run: 1 }, schedules: [{ id: scheduleId }] });
    expect(first.schedules[0].url).toContain(`/runs/${runId}`);
    await ended("failed");
    await messages(1);
    await ended("done");
    await ended("failed");
    await messages(2);
  });

  test("only to channels that are about one of its clusters and checks", async () => {
    await instance.db.channel.deleteMany();
    await makeCluster({ db: instance.db, teamId: place.teamId }, "staging");
    const hook = (path: string, rule: object) =>
      addChannel(ctx, { kind: "webhook", address: receiver.url(path) }, { name: path, ...rule });
    await hook("/staging", { clusters: ["staging"] });
    await hook("/check", { checks: ["kubernetes/duplicate-pod-ip"] });
    await hook("/kind", { transitions: ["opened"] });
    await hook("/prod", { clusters: ["prod"] });
    await due();
    await fire([]);
    await messages(1);
    expect(receiver.posts.map(({ path }) => path)).toEqual(["/prod"]);
  });
});
