import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeFindings, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { firstIdAt } from "../id-time.ts";
import { listRuns } from "../runs/list.ts";
import { saveView } from "../saved-views/save.ts";
import { dropOldMonths, oldMonths } from "./retention.ts";

let instance: TestInstance;
let ctx: TeamContext;
let clusterId: string;
const now = new Date("2026-02-28T23:59:59Z");

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "operator");
  clusterId = (await makeCluster({ db: instance.db, teamId: ctx.team.id }, "prod")).id;
  for (const month of ["2025_11", "2025_12", "2026_01", "2026_02"]) await addMonth(month);
});
afterAll(() => instance.close());

const parents = ["run", "run_part", "result", "finding", "measurement", "picture", "result_text", "facts"];

async function addMonth(name: string): Promise<void> {
  const [year = 0, month = 0] = name.split("_").map(Number);
  const ends = [Date.UTC(year, month - 1, 1), Date.UTC(year, month, 1)].map(firstIdAt);
  for (const parent of parents) {
    await instance.pool.query(
      `CREATE TABLE ${parent}_${name} PARTITION OF ${parent} FOR VALUES FROM ('${ends[0]}') TO ('${ends[1]}')`,
    );
  }
}

async function partitions(): Promise<string[]> {
  const { rows } = await instance.pool.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = ANY($1::regclass[]) ORDER BY 1`,
    [parents],
  );
  return rows.map(({ name }) => name);
}

async function runAt(time: string, data: Parameters<typeof makeRun>[1] = {}) {
  const place = { db: instance.db, teamId: ctx.team.id, clusterId };
  const id = firstIdAt(new Date(time).getTime()).replace("-0000-0000-", "-7000-8000-");
  const run = await makeRun(place, { id, ...data });
  const result = await makeResult(place, run.id);
  await makeFindings(instance.db, { runId: run.id, resultId: result.id }, [{ fingerprint: "one" }]);
  return { run, result };
}

const listed = async () =>
  (await listRuns({ ctx, input: { filter: { to: now }, limit: 50 } })).items.map(({ id }) => id);

test("whole months go, over the change of the year; what is kept by name stays", async () => {
  const { db } = instance;
  const old = await runAt("2025-11-30T23:59:59.999Z");
  const kept = await runAt("2025-12-01T00:00:00Z");
  const teamId = ctx.team.id;
  const at = { clusterId, checkId: "kubernetes/example", target: "kubernetes", teamId };
  const times = { changedAt: now, checkedAt: now, checkedBy: "Ada" };
  await db.checkState.create({
    data: { ...at, ...times, verdict: "fail", runId: old.run.id, resultId: old.result.id },
  });
  const request = { teamId, bodyHash: "hash" };
  await db.runRequest.createMany({
    data: [
      { ...request, key: "old", runId: old.run.id },
      { ...request, key: "kept", runId: kept.run.id },
    ],
  });
  await saveView({ ctx, input: { name: "Failing", shared: false, query: "verdict=fail" } });

  const before = await partitions();
  const told = await oldMonths({ db, now, keepMonths: 2 });
  expect(told).toMatchObject([{ month: "2025-11", runs: 1, results: 1, running: 0 }]);
  expect(told[0]?.bytes).toBeGreaterThan(0);
  expect(await partitions(), "to tell is not to do").toEqual(before);

  expect(await dropOldMonths({ db, now, keepMonths: 2 })).toEqual(told);
  expect(await partitions()).toEqual(before.filter((name) => !name.endsWith("2025_11")));
  expect(await listed()).toEqual([kept.run.id]);
  expect(await db.checkState.count({ where: { teamId } })).toBe(1);
  expect(await db.savedView.count({ where: { teamId } })).toBe(1);
  expect(await db.runRequest.findMany({ select: { key: true } })).toEqual([{ key: "kept" }]);
  expect(await dropOldMonths({ db, now, keepMonths: 2 })).toEqual([]);
});

test("a month with a run that has not ended stays until it has", async () => {
  const { db } = instance;
  const { run } = await runAt("2025-12-15T12:00:00Z", { status: "running", endedAt: null });
  expect(await oldMonths({ db, now, keepMonths: 1 })).toMatchObject([{ month: "2025-12", running: 1 }]);
  expect(await dropOldMonths({ db, now, keepMonths: 1 })).toEqual([]);
  expect(await listed()).toContain(run.id);
  await db.run.update({ where: { id: run.id }, data: { status: "done", endedAt: now } });
  expect(await dropOldMonths({ db, now, keepMonths: 1 })).toMatchObject([{ month: "2025-12", runs: 2 }]);
});

test("nothing goes where everything is to be kept", async () => {
  const { db } = instance;
  await addMonth("2019_01");
  expect(await dropOldMonths({ db, now, keepMonths: 0 })).toEqual([]);
  expect(await oldMonths({ db, now, keepMonths: 84 })).toMatchObject([{ month: "2019-01", runs: 0 }]);
});

test("a month that somebody holds waits, and the rest of the database does not wait for it", async () => {
  const { db, pool } = instance;
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT 1 FROM run_2019_01");
    await expect(dropOldMonths({ db, now, keepMonths: 84 })).rejects.toThrow(/lock timeout/);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
  expect(await dropOldMonths({ db, now, keepMonths: 84 })).toMatchObject([{ month: "2019-01" }]);
});

test("coming months are made before they begin, beside every partitioned table", async () => {
  const made = await partitions();
  const year = new Date().getUTCFullYear();
  const ahead = [-1, 0, 1, 2].map((more) => new Date(Date.UTC(year, new Date().getUTCMonth() + more, 1)));
  for (const month of ahead) {
    const suffix = month.toISOString().slice(0, 7).replace("-", "_");
    for (const parent of parents) expect(made).toContain(`${parent}_${suffix}`);
  }
});

test("the change of the year is met in UTC, whatever the session's time zone", async () => {
  const client = await instance.pool.connect();
  try {
    await client.query("BEGIN");
    await client.query(`SET LOCAL TimeZone = 'Asia/Shanghai'`);
    // A clock that stands where we want it: names before pg_catalog's win only if that is named last.
    await client.query("CREATE SCHEMA at_new_year");
    await client.query(`CREATE FUNCTION at_new_year.now() RETURNS timestamptz LANGUAGE sql AS
      $$ SELECT '2031-12-31 23:59:59.999+00'::timestamptz $$`);
    await client.query("SET LOCAL search_path = at_new_year, public, pg_catalog");
    await client.query("SELECT weekbook_ensure_partitions(2)");
    const { rows } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname ~ '^result_text_203[12]_..$' ORDER BY 1`,
    );
    const months = ["2031_11", "2031_12", "2032_01", "2032_02"];
    expect(rows.map(({ name }) => name)).toEqual(months.map((month) => `result_text_${month}`));
    for (const [id, month] of [
      [firstIdAt(Date.UTC(2032, 0, 1) - 1), "run_part_2031_12"],
      [firstIdAt(Date.UTC(2032, 0, 1)), "run_part_2032_01"],
    ]) {
      const { rows: found } = await client.query<{ name: string }>(
        `INSERT INTO run_part ("runId", ordinal, "teamId", "clusterId") VALUES ($1, 0, $2, $2)
         RETURNING tableoid::regclass::text AS name`,
        [id, clusterId],
      );
      expect(found).toEqual([{ name: month }]);
    }
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
});
