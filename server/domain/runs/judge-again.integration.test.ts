import { zstdCompressSync } from "node:zlib";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Check, defineCheck } from "#server/checks/define-check.ts";
import { document } from "#server/checks/needs/document.ts";
import type { OpenTargets } from "#server/jobs/assemble-targets.ts";
import { createRunChecks } from "#server/jobs/run-checks.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { judgeRunAgain } from "./judge-again.ts";
import { readJudgements } from "./judgements.ts";

let instance: TestInstance;
let ctx: TeamContext;
let clusters = 0;
const words = { en: "x", "zh-CN": "某" };

function lengthCheck(version = 1, keep = document.text()): Check {
  return defineCheck({
    id: "document/length",
    version,
    title: words,
    why: words,
    remedy: words,
    params: z.object({ most: z.number().int().min(1).default(10) }),
    needs: { text: keep },
    judge: ({ text }, { most }) => ({
      findings: [
        {
          verdict: text.length > most ? "fail" : "pass",
          code: "length",
          subject: { kind: "document", name: "document" },
          message: words,
          observed: String(text.length),
        },
      ],
      measurements: [{ name: "length", value: text.length, unit: "{characters}", fail: { above: most } }],
    }),
  });
}

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "operator");
});
afterAll(() => instance.close());

const opened: OpenTargets = {
  targets: [{ kind: "document", key: "document", name: "document" }],
  secrets: [],
  close: async () => {},
};

/** Carries out every part of a run, as a worker does. */
async function carryOut(runId: string, library: Check[], openTargets = vi.fn(async () => opened)) {
  const { db, services } = instance;
  const handle = createRunChecks({
    ...{ db, library, queue: services.queue, openTargets: openTargets as never },
    notices: { changed: () => {}, stop: () => {} },
    log: pino({ level: "silent" }),
    shutdown: new AbortController().signal,
  });
  const parts = await db.runPart.findMany({ where: { runId } });
  const { signal } = new AbortController();
  for (const { ordinal: part } of parts) await handle({ runId, teamId: ctx.team.id, part }, signal);
  return openTargets;
}

/** A run of the check over a text, carried out. */
async function ran(text: string, library = [lengthCheck()], on?: string): Promise<string> {
  clusters += 1;
  const { db } = instance;
  const clusterId = on ?? (await makeCluster({ db, teamId: ctx.team.id }, `c${clusters}`)).id;
  const waiting = { status: "queued", verdict: null, startedAt: null, endedAt: null } as const;
  const selection = [{ id: "document/length", params: { most: 10 }, document: text }];
  const run = await makeRun({ db, teamId: ctx.team.id, clusterId }, { ...waiting, selection });
  await db.runPart.updateMany({ where: { runId: run.id }, data: { attempt: 0 } });
  await carryOut(run.id, library);
  return run.id;
}

const readResult = (runId: string) => instance.db.result.findFirstOrThrow({ where: { runId } });
const readRun = (id: string) => instance.db.run.findUniqueOrThrow({ where: { id } });
const readFindings = (runId: string) =>
  instance.db.finding.findMany({ where: { runId }, omit: { runId: true, resultId: true } });

test("the same parameters give the same; others judge the same facts otherwise; no target is opened", async () => {
  const runId = await ran("eight ch");
  const library = [lengthCheck()];
  const first = await readResult(runId);
  expect(first).toMatchObject({ verdict: "pass" });
  const state = await instance.db.checkState.findMany({ where: { runId } });
  expect(state).toMatchObject([{ verdict: "pass" }]);

  const same = await judgeRunAgain({ ctx, input: { runId, params: {} }, library });
  expect(await instance.db.auditEvent.findMany({ where: { subjectId: same.runId } })).toMatchObject([
    { action: "run.judgedAgain", details: { judgedFrom: runId } },
  ]);
  const params = { "document/length": { most: 5 } };
  const other = await judgeRunAgain({ ctx, input: { runId, params }, library });
  for (const { runId: again } of [same, other]) expect(await carryOut(again, library)).not.toHaveBeenCalled();

  const again = await readResult(same.runId);
  const { verdict, counts, coverage, params: had } = first;
  expect(again).toMatchObject({ verdict, counts, coverage, params: had, observedAt: first.observedAt });
  expect(again).toMatchObject({ factsRunId: runId, factsResultId: first.id, cost: { calls: 0, bytes: 0 } });
  expect(await readFindings(same.runId)).toEqual(await readFindings(runId));
  expect(await readResult(other.runId)).toMatchObject({ verdict: "fail", params: { most: 5 } });
  expect(await instance.db.run.findUnique({ where: { id: other.runId } })).toMatchObject({
    ...{ status: "done", verdict: "fail", judgedFromId: runId },
  });

  expect(await instance.db.checkState.findMany({ where: { clusterId: first.clusterId } })).toEqual(state);
  expect(await instance.db.facts.count({ where: { runId: other.runId } })).toBe(0);
  const measured = await instance.db.measurement.findMany({ where: { runId: { in: [runId, other.runId] } } });
  expect(measured.map((each) => [each.runId, each.series === null, each.bounds])).toEqual([
    [runId, false, { fail: { above: 10 } }],
    [other.runId, true, { fail: { above: 5 } }],
  ]);
});

test("a judgement of a judgement is one of the first facts", async () => {
  const runId = await ran("eight ch");
  const library = [lengthCheck()];
  const params = { "document/length": { most: 5 } };
  const once = await judgeRunAgain({ ctx, input: { runId, params }, library });
  await carryOut(once.runId, library);
  const twice = await judgeRunAgain({ ctx, input: { runId: once.runId, params: {} }, library });
  await carryOut(twice.runId, library);
  expect(await readResult(twice.runId)).toMatchObject({
    ...{ verdict: "fail", factsRunId: runId, params: { most: 5 } },
  });
});

test("a version that reads otherwise finds nothing of it in the facts", async () => {
  const runId = await ran("eight ch");
  const library = [lengthCheck(2, { ...document.text(), maxBytes: 5 })];
  const { runId: again } = await judgeRunAgain({ ctx, input: { runId, params: {} }, library });
  await carryOut(again, library);
  expect(await readResult(again)).toMatchObject({
    ...{ verdict: "unknown", checkVersion: 2, reason: { code: "not-recorded" } },
  });
});

test("what past results would have said, together, each with what it had said", async () => {
  const library = [lengthCheck()];
  const texts = ["one", "one of many", "four", "fiveee"];
  const first = await ran(texts[0] ?? "", library);
  const { clusterId } = await readResult(first);
  const runs = [first];
  for (const text of texts.slice(1)) runs.push(await ran(text, library, clusterId));
  const newest = runs.at(-1) ?? "";
  const { id: resultId } = await readResult(newest);
  const params = { "document/length": { most: 5 } };
  const input = { runId: newest, resultId, past: 3, params };
  const { runId: again } = await judgeRunAgain({ ctx, input, library });
  expect(await carryOut(again, library)).not.toHaveBeenCalled();
  const judged = await readJudgements({ ctx, input: { runId: again } });
  expect(judged.map(({ original, before, after }) => [original.runId, before, after])).toEqual([
    [runs[1], "fail", "fail"],
    [runs[2], "pass", "pass"],
    [runs[3], "pass", "fail"],
  ]);
  const [finding] = await readFindings(newest);
  const fingerprints = (await readFindings(again)).map((each) => each.fingerprint);
  expect(new Set(fingerprints)).toEqual(new Set([finding?.fingerprint]));
  expect(await readJudgements({ ctx, input: { runId: newest } })).toEqual([]);
  const stranger = await instance.member(await instance.team(), "owner");
  await expect(readJudgements({ ctx: stranger, input: { runId: again } })).rejects.toMatchObject({
    code: "not-found",
  });
});

test("facts that are gone, and a check that is gone, are unknown", async () => {
  const runId = await ran("eight ch");
  const library = [lengthCheck()];
  const { runId: withoutCheck } = await judgeRunAgain({ ctx, input: { runId, params: {} }, library: [] });
  await carryOut(withoutCheck, []);
  expect(await readResult(withoutCheck)).toMatchObject({ verdict: "unknown" });
  await instance.db.facts.deleteMany({ where: { runId } });
  const { runId: withoutFacts } = await judgeRunAgain({ ctx, input: { runId, params: {} }, library });
  await carryOut(withoutFacts, library);
  expect(await readResult(withoutFacts)).toMatchObject({
    ...{ verdict: "unknown", reason: { code: "not-recorded" } },
  });
});

test("what was skipped for want of a document stays skipped", async () => {
  const runId = await ran("");
  await instance.db.result.findFirstOrThrow({ where: { runId } });
  const { runId: again } = await judgeRunAgain({
    ctx,
    input: { runId, params: {} },
    library: [lengthCheck()],
  });
  await carryOut(again, [lengthCheck()]);
  expect((await readResult(again)).verdict).toBe((await readResult(runId)).verdict);
});

test("a run that asks to be cancelled says so of what it has not judged", async () => {
  const runId = await ran("eight ch");
  const library = [lengthCheck()];
  const { runId: again } = await judgeRunAgain({ ctx, input: { runId, params: {} }, library });
  await instance.db.run.update({ where: { id: again }, data: { cancelRequestedAt: new Date() } });
  await carryOut(again, library);
  expect(await readResult(again)).toMatchObject({ verdict: "unknown", reason: { code: "cancelled" } });
  expect(await readRun(again)).toMatchObject({ status: "cancelled" });
});

test("what was cancelled when it was read is so when it is judged, by a run that was not", async () => {
  const runId = await ran("eight ch");
  const { id } = await readResult(runId);
  const unread = { unread: { code: "cancelled", what: "the pasted document" } };
  const facts = Buffer.from(
    JSON.stringify({ observedAt: new Date().toISOString(), needs: { text: unread } }),
  );
  const data = new Uint8Array(zstdCompressSync(facts));
  await instance.db.facts.updateMany({ where: { resultId: id }, data: { data, byteLength: facts.length } });
  const library = [lengthCheck()];
  const { runId: again } = await judgeRunAgain({ ctx, input: { runId, params: {} }, library });
  await carryOut(again, library);
  expect(await readResult(again)).toMatchObject({ verdict: "unknown", reason: unread.unread });
  expect(await readRun(again)).toMatchObject({ status: "done" });
});

test("wrong parameters, strange checks, runs under way and other teams' runs are refused", async () => {
  const runId = await ran("eight ch");
  const library = [lengthCheck()];
  const judge = (input: object) =>
    judgeRunAgain({ ctx, input: { runId, params: {}, ...input }, library }).catch((error) => error);
  expect(await judge({ params: { "document/length": { most: 0 } } })).toMatchObject({
    ...{ code: "invalid", fields: { "params.document/length.most": "field-too-small" } },
  });
  expect(await judge({ params: { "document/length": { least: 1 } } })).toMatchObject({ code: "invalid" });
  expect(await judge({ params: { "document/other": {} } })).toMatchObject({ code: "invalid" });
  expect(await judge({ resultId: runId })).toMatchObject({ code: "not-found" });
  const stranger = await instance.member(await instance.team(), "owner");
  const theirs = judgeRunAgain({ ctx: stranger, input: { runId, params: {} }, library });
  await expect(theirs).rejects.toMatchObject({ code: "not-found" });
  await instance.db.run.update({ where: { id: runId }, data: { endedAt: null } });
  expect(await judge({})).toMatchObject({ code: "conflict", message: "run-not-ended" });
});
