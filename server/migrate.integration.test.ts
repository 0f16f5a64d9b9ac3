import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, ignoreLateErrors, type TestDatabase } from "#testing/database.ts";
import { applyMigrations, MigrationError, pendingMigrations } from "./migrate.ts";

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(os.tmpdir(), "weekbook-migrations-"));
  await cp(path.join(process.cwd(), "prisma", "migrations"), directory, { recursive: true });
});
afterEach(() => database.close());

async function addMigration(name: string, sql: string) {
  await mkdir(path.join(directory, name), { recursive: true });
  await writeFile(path.join(directory, name, "migration.sql"), sql);
}

const ledger = async () =>
  (await database.pool.query("SELECT * FROM _prisma_migrations ORDER BY started_at, migration_name")).rows;

test("a migrated database has nothing pending and applying again changes nothing", async () => {
  const before = await ledger();
  expect(before.length).toBeGreaterThan(0);
  expect(await pendingMigrations(database.pool, directory)).toEqual([]);
  expect(await applyMigrations(database.pool, directory)).toEqual({ applied: [] });
  expect(await ledger()).toEqual(before);
});

test("a new migration is pending, then applied once by concurrent callers, with Prisma's row", async () => {
  await addMigration("29990101000000_more", "CREATE TABLE more (id int); INSERT INTO more VALUES (1);");
  expect(await pendingMigrations(database.pool, directory)).toEqual(["29990101000000_more"]);
  const all = await Promise.all(
    [database.url, database.url, database.url].map((url) => applyMigrations(url, directory)),
  );
  expect(all.flatMap((each) => each.applied)).toEqual(["29990101000000_more"]);
  const rows = await ledger();
  const row = rows.find((each) => each.migration_name === "29990101000000_more");
  expect(row).toMatchObject({ applied_steps_count: 1, logs: null, rolled_back_at: null });
  expect(row.checksum).toMatch(/^[0-9a-f]{64}$/);
  expect(row.finished_at).toBeInstanceOf(Date);
  expect((await database.pool.query("SELECT count(*)::int AS n FROM more")).rows).toEqual([{ n: 1 }]);
});

test("a changed migration is refused by name", async () => {
  await addMigration("29990101000000_more", "CREATE TABLE more (id int);");
  await applyMigrations(database.pool, directory);
  await addMigration("29990101000000_more", "CREATE TABLE more (id bigint);");
  await expect(applyMigrations(database.pool, directory)).rejects.toThrow(
    /"29990101000000_more" was changed after it had been applied/,
  );
});

test("a failed migration leaves nothing of itself but its log, and stops every later start", async () => {
  await addMigration("29990101000000_bad", "CREATE TABLE half (id int); SELECT 1/0;");
  await expect(applyMigrations(database.pool, directory)).rejects.toThrow(/failed: division by zero/);
  expect((await database.pool.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }]);
  const row = (await ledger()).find((each) => each.migration_name === "29990101000000_bad");
  expect(row).toMatchObject({ finished_at: null, applied_steps_count: 0, logs: "division by zero" });
  await expect(applyMigrations(database.pool, directory)).rejects.toThrow(MigrationError);
  expect(await pendingMigrations(database.pool, directory)).toEqual(["29990101000000_bad"]);

  await database.pool.query("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE logs IS NOT NULL");
  await addMigration("29990101000000_bad", "CREATE TABLE half (id int);");
  expect(await applyMigrations(database.pool, directory)).toEqual({ applied: ["29990101000000_bad"] });
});

test("an empty database, partitions of this month included", async () => {
  const name = `${new URL(database.url).pathname.slice(1)}_empty`;
  await database.pool.query(`CREATE DATABASE ${name}`);
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href });
  ignoreLateErrors(pool);
  try {
    expect((await pendingMigrations(pool, directory)).length).toBeGreaterThan(0);
    await applyMigrations(pool, directory);
    const month = new Date().toISOString().slice(0, 7).replace("-", "_");
    const { rows } = await pool.query("SELECT to_regclass($1) IS NOT NULL AS there", [`finding_${month}`]);
    expect(rows).toEqual([{ there: true }]);
  } finally {
    await pool.end();
    await database.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
});
