import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Changes, watchChanges } from "./changes.ts";
import { createTestInstance, type TestInstance } from "./instance.ts";
import { makeRun } from "./run-rows.ts";

let instance: TestInstance;
let changes: Changes;
let teamId: string;

beforeAll(async () => {
  instance = await createTestInstance();
  changes = await watchChanges(instance.pool);
  teamId = (await instance.team()).id;
});
afterAll(() => instance.close());

async function isNoticed(work: () => Promise<unknown>): Promise<boolean> {
  const before = await changes.state();
  await work();
  return (await changes.state()) !== before;
}

async function undone(work: (client: pg.PoolClient) => Promise<unknown>): Promise<void> {
  const client = await instance.pool.connect();
  await client.query("BEGIN");
  await work(client);
  await client.query("ROLLBACK");
  client.release();
}

test("every table of the product and of its queue is watched", async () => {
  const { rows } = await instance.pool.query(
    `SELECT tablename FROM pg_tables t
     WHERE (schemaname = 'public' OR (schemaname = 'pgboss' AND tablename LIKE 'j%')) AND NOT EXISTS (
       SELECT FROM pg_trigger WHERE tgrelid = format('%I.%I', schemaname, tablename)::regclass
         AND tgname = 'test_changed' AND tgenabled = 'O')`,
  );
  expect(rows).toEqual([]);
});

test("a row that comes, changes or goes is noticed, in a month of its own as well", async () => {
  const { db, pool } = instance;
  const cluster = { id: randomUUID(), teamId, slug: "one", name: "One" };
  expect(await isNoticed(() => db.cluster.create({ data: cluster }))).toBe(true);
  const place = { db, teamId, clusterId: cluster.id };
  expect(await isNoticed(() => makeRun(place))).toBe(true);
  expect(await isNoticed(() => pool.query("UPDATE run SET seq = seq + 1"))).toBe(true);
  const job = { runId: randomUUID(), teamId, part: 0 };
  const send = () => db.$transaction((tx) => instance.services.queue.enqueue(tx, "run-checks", job));
  expect(await isNoticed(send)).toBe(true);
  expect(await isNoticed(() => db.cluster.delete({ where: { id: cluster.id } }))).toBe(true);
  expect(await isNoticed(() => pool.query("TRUNCATE run, run_part"))).toBe(true);
  expect(await isNoticed(() => pool.query("CREATE TABLE another ()"))).toBe(true);
});

test("what was read, undone, or left as it was is no change", async () => {
  const { db, pool } = instance;
  expect(await isNoticed(() => db.team.findMany())).toBe(false);
  expect(await isNoticed(() => pool.query("UPDATE team SET name = name"))).toBe(false);
  expect(await isNoticed(() => pool.query("DELETE FROM team WHERE false"))).toBe(false);
  expect(await isNoticed(() => undone((client) => client.query("DELETE FROM team")))).toBe(false);
});
