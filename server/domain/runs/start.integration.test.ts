import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startRunSchema } from "#common/contracts/run.ts";
import { defineCheck } from "#server/checks/define-check.ts";
import { document } from "#server/checks/needs/document.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster } from "#testing/run-rows.ts";
import type { Queue, TeamContext } from "../context.ts";
import { startRun } from "./start.ts";

const text = { en: "An example", "zh-CN": "一个例子" };
const about = { version: 1, title: text, why: text, remedy: text };
const judge = () => ({ findings: [] });
const library = [
  defineCheck({
    ...about,
    id: "kubernetes/with-params",
    params: z.object({ warnPercent: z.number().min(0).max(100).default(5), name: z.string().min(1) }),
    needs: {},
    judge,
  }),
  defineCheck({
    ...about,
    id: "endpoint/loads",
    effect: "active",
    impact: text,
    params: z.object({}),
    needs: {},
    judge,
  }),
  defineCheck({
    ...about,
    id: "document/reads",
    params: z.object({}),
    needs: { pasted: document.text() },
    judge,
  }),
];

let instance: TestInstance;
let ctx: TeamContext;

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "operator");
  await makeCluster({ db: instance.db, teamId: ctx.team.id }, "prod");
});
afterAll(() => instance.close());

type Asked = z.input<typeof startRunSchema>;
function ask(asked: Partial<Asked> = {}) {
  const whole = {
    clusters: ["prod"],
    runbook: null,
    checks: [{ id: "kubernetes/with-params", params: { name: "web" } }],
    idempotencyKey: randomUUID(),
    ...asked,
  };
  return startRun({ ctx, input: startRunSchema.parse(whole), library });
}

/** jobs of this run, or of any */
async function jobsOf(runId?: string): Promise<number> {
  const { rows } = await instance.pool.query(
    "SELECT 1 FROM pgboss.job WHERE name = 'run-checks' AND ($1::text IS NULL OR data->>'runId' = $1)",
    [runId],
  );
  return rows.length;
}

test("the run and its job are there together, with the parameters as the check reads them", async () => {
  const { runId } = await ask();
  const run = await instance.db.run.findFirstOrThrow({ where: { id: runId } });
  expect(run).toMatchObject({
    teamId: ctx.team.id,
    status: "queued",
    requestedBy: ctx.actor.type === "user" && ctx.actor.name,
    selection: [{ id: "kubernetes/with-params", params: { name: "web", warnPercent: 5 } }],
  });
  expect(await jobsOf(runId)).toBe(1);
});

test("what fails after the job was queued leaves neither run nor job", async () => {
  const [runs, jobs] = [await instance.db.run.count(), await jobsOf()];
  const queue: Queue = {
    enqueue: async (...job) => {
      await ctx.queue.enqueue(...job);
      throw new Error("lost its connection");
    },
  };
  const input = startRunSchema.parse({
    clusters: ["prod"],
    runbook: null,
    checks: [{ id: "document/reads" }],
    idempotencyKey: randomUUID(),
  });
  await expect(startRun({ ctx: { ...ctx, queue }, input, library })).rejects.toThrow("lost its connection");
  expect([await instance.db.run.count(), await jobsOf()]).toEqual([runs, jobs]);
  expect(await instance.db.runRequest.count({ where: { key: input.idempotencyKey } })).toBe(0);
});

test("the same key gives the same run, also when it comes five times at once", async () => {
  const idempotencyKey = randomUUID();
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask({ idempotencyKey })));
  const ids = new Set(answers.map((answer) => answer.runId));
  expect(ids.size).toBe(1);
  for (const id of ids) expect(await jobsOf(id)).toBe(1);
  expect(await ask({ idempotencyKey })).toEqual(answers[0]);
});

test("the same key for something else is refused; another team may use it", async () => {
  const idempotencyKey = randomUUID();
  await ask({ idempotencyKey });
  await expect(ask({ idempotencyKey, checks: [{ id: "document/reads" }] })).rejects.toMatchObject({
    code: "conflict",
    message: "idempotency-key-reused",
  });
  const other = await instance.member(await instance.team(), "operator");
  await makeCluster({ db: instance.db, teamId: other.team.id }, "prod");
  const input = startRunSchema.parse({
    clusters: ["prod"],
    runbook: null,
    checks: [{ id: "document/reads" }],
    idempotencyKey,
  });
  await expect(startRun({ ctx: other, input, library })).resolves.toBeTruthy();
});

test("what is wrong is said at each field", async () => {
  const checks = [
    { id: "kubernetes/with-params", params: { warnPercent: 101 } },
    { id: "kubernetes/none" },
    { id: "document/reads" },
    { id: "document/reads" },
  ];
  await expect(ask({ checks })).rejects.toMatchObject({
    code: "invalid",
    message: "run-refused",
    fields: {
      "checks.0.params.warnPercent": "field-too-big",
      "checks.0.params.name": "field-required",
      "checks.1.id": "check-unknown",
      "checks.3.id": "check-twice",
    },
  });
});

test("an active check runs only when agreed to once more", async () => {
  const checks = [{ id: "endpoint/loads" }];
  await expect(ask({ checks })).rejects.toMatchObject({
    fields: { "checks.0.id": "check-needs-confirmation" },
  });
  const confirmed = { check: "endpoint/loads", cluster: "prod", target: "endpoint" };
  for (const other of [{ check: "endpoint/other" }, { cluster: "elsewhere" }]) {
    await expect(ask({ checks, confirmActive: [{ ...confirmed, ...other }] })).rejects.toMatchObject({
      fields: { "checks.0.id": "check-needs-confirmation" },
    });
  }
  const { runId } = await ask({ checks, confirmActive: [confirmed] });
  const run = await instance.db.run.findFirstOrThrow({ where: { id: runId } });
  expect(run.selection).toMatchObject([{ confirmed: [{ cluster: run.clusterIds[0], target: "endpoint" }] }]);
});

test("a document is kept for the check that reads one", async () => {
  const checks = [
    { id: "document/reads", document: "pasted" },
    { id: "kubernetes/with-params", params: { name: "web" }, document: "not wanted" },
  ];
  const { runId } = await ask({ checks });
  const { selection } = await instance.db.run.findFirstOrThrow({ where: { id: runId } });
  expect(selection).toMatchObject([{ document: "pasted" }, { id: "kubernetes/with-params" }]);
  expect(JSON.stringify(selection)).not.toContain("not wanted");
});

test("a cluster that is not the team's, or was removed, is not there", async () => {
  const gone = { code: "not-found", message: "cluster-not-found" };
  const other = await instance.team();
  await makeCluster({ db: instance.db, teamId: other.id }, "theirs");
  await expect(ask({ clusters: ["theirs"] })).rejects.toMatchObject(gone);
  const removed = await makeCluster({ db: instance.db, teamId: ctx.team.id }, "old");
  await instance.db.cluster.update({ where: { id: removed.id }, data: { removedAt: new Date() } });
  await expect(ask({ clusters: ["old"] })).rejects.toMatchObject(gone);
  await expect(ask({ runbook: "no-such-runbook" })).rejects.toMatchObject({ message: "runbook-not-found" });
});

test("a run over several clusters is a part and a job for each, in the order they were chosen", async () => {
  const stage = await makeCluster({ db: instance.db, teamId: ctx.team.id }, "stage");
  const { runId } = await ask({ clusters: ["stage", "prod", "stage"] });
  const run = await instance.db.run.findFirstOrThrow({ where: { id: runId }, include: { parts: true } });
  expect(run.clusterIds).toHaveLength(2);
  expect(run.clusterIds[0]).toBe(stage.id);
  expect(run.parts.map(({ ordinal, clusterId }) => [ordinal, clusterId]).toSorted()).toEqual(
    run.clusterIds.map((id, ordinal) => [ordinal, id]),
  );
  expect(await jobsOf(runId)).toBe(2);
});

test("one cluster of several that is not there refuses the run", async () => {
  const before = await instance.db.run.count();
  await expect(ask({ clusters: ["prod", "no-such-cluster"] })).rejects.toMatchObject({ code: "not-found" });
  expect(await instance.db.run.count()).toBe(before);
});

test("no more runs wait than may, of a team and of all; a refusal says how many do", async () => {
  const crowded = await instance.member(await instance.team(), "operator");
  await makeCluster({ db: instance.db, teamId: crowded.team.id }, "prod");
  const start = (limits: { ofTeam: number; ofAll: number }) => {
    const input = startRunSchema.parse({
      ...{ clusters: ["prod"], runbook: null, checks: [{ id: "document/reads" }] },
      idempotencyKey: randomUUID(),
    });
    return startRun({ ctx: crowded, input, library, limits });
  };
  for (let run = 0; run < 3; run += 1) await start({ ofTeam: 3, ofAll: 1_000 });
  await expect(start({ ofTeam: 3, ofAll: 1_000 })).rejects.toMatchObject({
    ...{ code: "too-many", message: "too-many-runs", values: { count: 3 } },
  });
  const waiting = await instance.db.run.count({ where: { status: "queued" } });
  await expect(start({ ofTeam: 100, ofAll: waiting })).rejects.toMatchObject({
    ...{ code: "too-many", message: "too-many-runs-of-all", values: { count: waiting } },
  });
  // What has begun does not wait any more.
  await instance.db.run.updateMany({ where: { teamId: crowded.team.id }, data: { status: "running" } });
  await expect(start({ ofTeam: 3, ofAll: 1_000 })).resolves.toBeTruthy();
});
