import path from "node:path";
import type pg from "pg";
import { workerAlive } from "../jobs/presence.ts";
import { pendingMigrations } from "../migrate.ts";

export type Readiness = { ready: boolean; missing: ("database" | "migrations" | "queue" | "worker")[] };

/** Whether a run that is started now will be carried out. What cannot be asked without a database is missing with it. */
export async function readReadiness(pool: pg.Pool, migrationsDirectory?: string): Promise<Readiness> {
  const asked = {
    database: () => pool.query("SELECT 1").then(() => true),
    migrations: async () => {
      const directory = migrationsDirectory ?? path.join(process.cwd(), "prisma", "migrations");
      return (await pendingMigrations(pool, directory)).length === 0;
    },
    queue: async () => {
      const { rows } = await pool.query<{ present: boolean }>(
        "SELECT to_regclass('pgboss.job') IS NOT NULL AS present",
      );
      return rows[0]?.present === true;
    },
    worker: () => workerAlive(pool),
  };
  const missing: Readiness["missing"] = [];
  for (const name of ["database", "migrations", "queue", "worker"] as const) {
    const there = !missing.includes("database") && (await asked[name]().catch(() => false));
    if (!there) missing.push(name);
  }
  return { ready: missing.length === 0, missing };
}
