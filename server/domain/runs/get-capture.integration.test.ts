import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { getCapture } from "./get-capture.ts";

const compress = promisify(zstdCompress);
let instance: TestInstance;
let ctx: TeamContext;
beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "operator");
});
afterAll(() => instance?.close());

async function resultWith(needs: object) {
  const { db } = instance;
  const teamId = ctx.team.id;
  const { id: clusterId } = await makeCluster({ db, teamId }, `c-${crypto.randomUUID().slice(0, 8)}`);
  const place = { db, teamId, clusterId };
  const run = await makeRun(place);
  const result = await makeResult(place, run.id, { checkId: "host/packet-capture" });
  const text = Buffer.from(JSON.stringify({ observedAt: new Date().toISOString(), needs }));
  const data = new Uint8Array(await compress(text));
  await db.facts.create({ data: { runId: run.id, resultId: result.id, data, byteLength: text.length } });
  return { place, input: { runId: run.id, resultId: result.id } };
}

test("the packets as they were kept, also of a result that was judged from them again", async () => {
  const { place, input } = await resultWith({ capture: { pcapBase64: "1MOyoQ==" } });
  expect(await getCapture({ ctx, input })).toEqual({
    fileName: `capture-${input.resultId}.pcap`,
    base64: "1MOyoQ==",
  });
  const again = await makeRun(place, { judgedFromId: input.runId });
  const judged = await makeResult(place, again.id, {
    ...{ factsRunId: input.runId, factsResultId: input.resultId },
  });
  const read = await getCapture({ ctx, input: { runId: again.id, resultId: judged.id } });
  expect(read.base64).toBe("1MOyoQ==");
  const events = await instance.db.auditEvent.findMany({
    where: { teamId: ctx.team.id, action: "run.captureDownloaded" },
    orderBy: { sequence: "asc" },
  });
  expect(events).toMatchObject([
    { subjectId: input.runId, details: { check: "host/packet-capture", target: "example" } },
    { subjectId: again.id },
  ]);
});

test("another team gets none of it; a result without packets has none", async () => {
  const { input } = await resultWith({ capture: { pcapBase64: "1MOyoQ==" } });
  const stranger = await instance.member(await instance.team(), "owner");
  await expect(getCapture({ ctx: stranger, input })).rejects.toMatchObject({ code: "not-found" });
  const empty = await resultWith({ capture: { failed: "no such device" } });
  await expect(getCapture({ ctx, input: empty.input })).rejects.toMatchObject({ code: "not-found" });
  const refused = { in: [input.runId, empty.input.runId] };
  expect(await instance.db.auditEvent.count({ where: { subjectId: refused } })).toBe(0);
});
