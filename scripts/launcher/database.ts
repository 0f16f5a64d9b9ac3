import { join } from "node:path";
import pg from "pg";
import { applyMigrations, MigrationError } from "#server/migrate.ts";
import { startEmbeddedPostgres } from "../embedded-postgres.ts";
import type { Keys } from "./keys.ts";
import type { Options } from "./options.ts";
import { project } from "./project.ts";
import { causeOf, SentenceError } from "./sentence-error.ts";

export type RunningDatabase = { url: string; stop: () => Promise<void> };

const oldestMajor = 15;

/** Where a database is, for people: never its user or password. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || "5432"}${pathname}`;
}

function refusal(url: string, error: unknown): SentenceError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const place = placeOf(url);
  if (code === "28P01" || code === "28000")
    return new SentenceError(
      `The database at ${place} does not accept the user and password of DATABASE_URL.`,
    );
  if (code === "3D000")
    return new SentenceError(`The server of DATABASE_URL has no such database (${place}): create it first.`);
  return new SentenceError(
    `The database at ${place} does not answer (${causeOf(error)}): check DATABASE_URL, or unset it to use the one Weekbook brings.`,
    { cause: error },
  );
}

async function inspect(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>("SHOW server_version_num");
    const major = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
    if (major < oldestMajor)
      throw new SentenceError(
        `The database at ${placeOf(url)} is Postgres ${major}; Weekbook needs ${oldestMajor}.`,
      );
  } catch (error) {
    throw error instanceof SentenceError ? error : refusal(url, error);
  } finally {
    await client.end();
  }
}

async function migrate(url: string): Promise<void> {
  try {
    await applyMigrations(url, join(project, "prisma/migrations"));
  } catch (error) {
    if (error instanceof MigrationError) throw new SentenceError(error.message, { cause: error });
    throw new SentenceError(`The database at ${placeOf(url)} cannot be migrated (${causeOf(error)}).`, {
      cause: error,
    });
  }
}

/** The given server or our own, reachable and migrated. */
export async function openDatabaseServer(options: Options, keys: Keys): Promise<RunningDatabase> {
  if (options.databaseUrl !== undefined) {
    await inspect(options.databaseUrl);
    await migrate(options.databaseUrl);
    return { url: options.databaseUrl, stop: async () => {} };
  }
  const own = await startEmbeddedPostgres({
    dataDir: options.dataDir,
    password: keys.databasePassword,
    database: "weekbook",
  });
  await migrate(own.url);
  return own;
}
