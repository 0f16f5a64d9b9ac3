import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";

/** The advisory lock `prisma migrate` takes, so that it and this runner exclude each other. */
const PRISMA_LOCK = 72_707_369;
const LOCK_TIMEOUT_MS = 60_000;
/** Month partitions made ahead of time: a process that runs for weeks must not run out of them. */
const MONTHS_AHEAD = 2;

const defaultDirectory = () => path.join(process.cwd(), "prisma", "migrations");

type Migration = { name: string; sql: string; checksum: string };
type AppliedRow = {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
  started_at: Date;
};

/** A database that must not be migrated as it is. The message is one sentence for the person who started us. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

/**
 * Applies what is missing of prisma/migrations and keeps `_prisma_migrations` as `prisma migrate deploy` does, so
 * that either can be used on the same database. Idempotent; concurrent callers wait for each other.
 */
export async function applyMigrations(
  target: pg.Pool | string,
  directory: string = defaultDirectory(),
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(directory);
  if (typeof target !== "string") {
    const client = await target.connect();
    try {
      return await withLock(client, () => migrate(client, migrations));
    } finally {
      client.release();
    }
  }
  const client = new pg.Client({ connectionString: target, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await withLock(client, () => migrate(client, migrations));
  } finally {
    await client.end();
  }
}

/** Names of the migrations this program has and the database has not. Empty means ready. */
export async function pendingMigrations(
  pool: pg.Pool,
  directory: string = defaultDirectory(),
): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const { rows } = await pool.query<{ present: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`,
  );
  if (!rows[0]?.present) return migrations.map((migration) => migration.name);
  const done = new Set(
    (await appliedRows(pool)).filter((row) => row.finished_at !== null).map((row) => row.migration_name),
  );
  return migrations.map((migration) => migration.name).filter((name) => !done.has(name));
}

/** The migrations of a folder in the order they apply, with the checksum Prisma keeps. */
export async function readMigrations(directory: string = defaultDirectory()): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

async function withLock<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  await client.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`);
  await client.query("RESET lock_timeout");
  try {
    return await work();
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${PRISMA_LOCK})`);
  }
}

async function migrate(client: pg.ClientBase, migrations: Migration[]): Promise<{ applied: string[] }> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id                  VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum            VARCHAR(64) NOT NULL,
      finished_at         TIMESTAMPTZ,
      migration_name      VARCHAR(255) NOT NULL,
      logs                TEXT,
      rolled_back_at      TIMESTAMPTZ,
      started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`);
  const rows = await appliedRows(client);
  refuseUnsound(rows, migrations);
  const known = new Set(rows.map((row) => row.migration_name));
  const applied: string[] = [];
  for (const migration of migrations) {
    if (known.has(migration.name)) continue;
    await applyOne(client, migration);
    applied.push(migration.name);
  }
  await client.query(`SELECT weekbook_ensure_partitions(${MONTHS_AHEAD})`);
  return { applied };
}

async function appliedRows(client: pg.ClientBase | pg.Pool): Promise<AppliedRow[]> {
  const { rows } = await client.query<AppliedRow>(
    `SELECT migration_name, checksum, finished_at, rolled_back_at, started_at
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

function refuseUnsound(rows: AppliedRow[], migrations: Migration[]): void {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of rows) {
    if (row.finished_at === null) {
      throw new MigrationError(
        `The migration "${row.migration_name}" began on ${row.started_at.toISOString()} and did not finish: see the column "logs" of _prisma_migrations, mend the database, and mark the row as rolled back before starting again.`,
      );
    }
    const migration = byName.get(row.migration_name);
    if (migration && migration.checksum !== row.checksum) {
      throw new MigrationError(
        `The migration "${row.migration_name}" was changed after it had been applied to this database: restore its migration.sql and put the change into a new migration.`,
      );
    }
  }
}

/** As Prisma: the row first, then the script as one simple query (one transaction), then the row is finished. */
async function applyOne(client: pg.ClientBase, migration: Migration): Promise<void> {
  const id = randomUUID();
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, started_at, migration_name) VALUES ($1, $2, now(), $3)`,
    [id, migration.checksum, migration.name],
  );
  try {
    await client.query(migration.sql);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    await client.query(`UPDATE _prisma_migrations SET logs = $2 WHERE id = $1`, [id, message]);
    throw new MigrationError(`The migration "${migration.name}" failed: ${message}`, { cause });
  }
  await client.query(
    `UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = applied_steps_count + 1 WHERE id = $1`,
    [id],
  );
}
