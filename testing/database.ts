import { createHash, randomBytes } from "node:crypto";
import pg from "pg";
import { type Database, openDatabase } from "#server/db.ts";
import { applyMigrations, readMigrations } from "#server/migrate.ts";

/** Keys of advisory locks of the test server's own database; any constant that nothing else there uses. */
const TEMPLATE_LOCK = 72_707_380;

export type TestDatabase = { url: string; db: Database; pool: pg.Pool; close: () => Promise<void> };

/** A fresh, migrated database of one's own, dropped by `close`. Cloned from a template that is migrated once. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (!serverUrl) {
    throw new Error("TEST_DATABASE_URL is not set: npm test sets it, or point it at any Postgres server.");
  }
  const name = `weekbook_test_${process.pid}_${randomBytes(5).toString("hex")}`;
  await withClient(serverUrl, async (client) => {
    const template = await ensureTemplate(client, serverUrl);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const url = databaseUrl(serverUrl, name);
  // A test may end or terminate connections on purpose; the pool must not take the process with it.
  const opened = openDatabase({ url, maxConnections: 5, onPoolError: () => {} });
  ignoreLateErrors(opened.pool);
  let closed: Promise<void> | undefined;
  const drop = async () => {
    await opened.close();
    await withClient(serverUrl, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
  };
  const close = () => {
    closed ??= drop();
    return closed;
  };
  return { url, db: opened.db, pool: opened.pool, close };
}

/**
 * The pool stops listening to a connection as it closes it, and a forced drop may still reach it then: the server's
 * farewell would end the whole test run.
 */
export function ignoreLateErrors(pool: pg.Pool): void {
  pool.on("connect", (client) => client.on("error", () => {}));
}

/** The template's name tells its migrations and, since partitions are made by month, the month it was made in. */
async function ensureTemplate(client: pg.Client, serverUrl: string): Promise<string> {
  const hash = createHash("sha256");
  for (const migration of await readMigrations()) hash.update(migration.name).update(migration.checksum);
  const month = new Date().toISOString().slice(0, 7).replace("-", "");
  const name = `weekbook_template_${month}_${hash.digest("hex").slice(0, 12)}`;
  if (await isTemplate(client, name)) return name;
  await client.query(`SELECT pg_advisory_lock(${TEMPLATE_LOCK})`);
  try {
    if (await isTemplate(client, name)) return name;
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name}`);
    await applyMigrations(databaseUrl(serverUrl, name));
    // Set last: a template that is marked as one is complete. Nobody may connect, or cloning would be refused.
    await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`);
    return name;
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${TEMPLATE_LOCK})`);
  }
}

async function isTemplate(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query(`SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate`, [
    name,
  ]);
  return rowCount === 1;
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
