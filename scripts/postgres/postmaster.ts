// The running server of a database folder, which may have outlived the launcher that started it.
import { readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { commandOf, isAlive } from "../launcher/processes.ts";

export type Postmaster = { pid: number; port: number };

/** What the server wrote about itself: line 1 its process, line 4 its port. */
function readPidFile(data: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return Number.isInteger(pid) && pid > 0 ? { pid, port } : undefined;
  } catch {
    return undefined;
  }
}

/** Process numbers are used again, above all in containers: another program may have that of a dead server. */
function isPostgres(pid: number): boolean {
  const command = commandOf(pid);
  return isAlive(pid) && (command === undefined || command.includes("postgres"));
}

/** The live server of `data`; the file that a dead one left is removed, since Postgres may trip over it. */
export function findPostmaster(data: string): Postmaster | undefined {
  const claimed = readPidFile(data);
  if (claimed === undefined) return undefined;
  if (isPostgres(claimed.pid)) return claimed;
  rmSync(join(data, "postmaster.pid"), { force: true });
  return undefined;
}

export function urlOf(port: number, password: string, database = "postgres"): string {
  return `postgres://weekbook:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** Whether the server on `port` is the one of `data`, told by itself. Rejects while it does not answer. */
export async function serves(port: number, password: string, data: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: urlOf(port, password),
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
    return realpathSync(rows[0]?.data_directory ?? "") === realpathSync(data);
  } finally {
    await client.end();
  }
}

export async function createDatabase(port: number, password: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(port, password) });
  client.on("error", () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
