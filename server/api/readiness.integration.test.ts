import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { holdPresence } from "#server/jobs/presence.ts";
import { openQueue } from "#server/jobs/queue.ts";
import { createTestDatabase } from "#testing/database.ts";
import { readReadiness } from "./readiness.ts";

test("names what is missing until all of it is there", async () => {
  const database = await createTestDatabase();
  const { pool, url } = database;
  try {
    expect(await readReadiness(pool)).toEqual({ ready: false, missing: ["queue", "worker"] });
    const queue = await openQueue({ url, role: "web", onError: () => {} });
    expect(await readReadiness(pool)).toEqual({ ready: false, missing: ["worker"] });
    const presence = await holdPresence({ url, patienceMs: 60_000, onGone: () => {} });
    expect(await readReadiness(pool)).toEqual({ ready: true, missing: [] });

    const newer = await mkdtemp(path.join(os.tmpdir(), "migrations-"));
    await mkdir(path.join(newer, "29990101000000_later"));
    await writeFile(path.join(newer, "29990101000000_later", "migration.sql"), "SELECT 1;");
    expect(await readReadiness(pool, newer)).toEqual({ ready: false, missing: ["migrations"] });
    await rm(newer, { recursive: true });

    await presence.release();
    expect((await readReadiness(pool)).missing).toEqual(["worker"]);
    await queue.stop();
  } finally {
    await database.close();
  }
});

test("without a database nothing is there", async () => {
  const pool = new pg.Pool({ host: "127.0.0.1", port: 1, connectionTimeoutMillis: 500 });
  const missing = ["database", "migrations", "queue", "worker"];
  expect(await readReadiness(pool)).toEqual({ ready: false, missing });
  await pool.end();
});
