import type { Logger } from "pino";
import type { Database } from "../db.ts";
import { dropOldMonths } from "../domain/history/retention.ts";
import type { OpenQueue } from "./queue.ts";

const SWEEP_LOCK = 72_707_372;
const RETENTION_INTERVAL_MS = 60 * 60 * 1_000;

/**
 * Puts back on the queue what fell off it: parts of runs that wait without a job, and parts that nobody has worked on
 * for a minute and no job is left to resume. One worker at a time; the others' turns come every minute.
 */
export async function sweepRuns(db: Database, queue: OpenQueue): Promise<string[]> {
  return db.$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<
      { held: boolean }[]
    >`SELECT pg_try_advisory_xact_lock(${SWEEP_LOCK}::bigint) AS held`;
    if (!lock?.held) return [];
    // Bounded by id, that is by time: old partitions are not looked at.
    const lost = await tx.$queryRaw<{ runId: string; part: number; teamId: string }[]>`
      SELECT "runId", ordinal AS part, "teamId" FROM run_part
      WHERE "runId" >= weekbook_first_uuid_at(now() - interval '7 days')
        AND (
          (status = 'queued' AND "createdAt" < now() - interval '10 seconds')
          OR (status = 'running' AND "heartbeatAt" < now() - interval '60 seconds')
        )
        AND NOT EXISTS (
          SELECT FROM pgboss.job WHERE name = 'run-checks' AND state < 'completed'
            AND data ->> 'runId' = "runId"::text AND (data ->> 'part')::int = ordinal
        )
      LIMIT 100`;
    for (const part of lost) await queue.enqueue(tx, "run-checks", part);
    return lost.map(({ runId, part }) => `${runId} ${part}`);
  });
}

/** Next months' partitions, for a worker that runs for months. */
export async function ensurePartitions(db: Database): Promise<void> {
  await db.$executeRaw`SELECT weekbook_ensure_partitions(2)`;
}

/** Old history, at most once an hour; what cannot go now goes later. */
export function createRetention(options: {
  db: Database;
  keepMonths: number;
  log: Logger;
}): () => Promise<void> {
  let dueMs = 0;
  return async () => {
    if (Date.now() < dueMs) return;
    dueMs = Date.now() + RETENTION_INTERVAL_MS;
    try {
      const months = await dropOldMonths({ ...options, now: new Date() });
      if (months.length > 0) options.log.info({ months }, "old months of history were dropped");
    } catch (error) {
      options.log.warn({ err: error }, "an old month of history could not be dropped yet");
    }
  };
}
