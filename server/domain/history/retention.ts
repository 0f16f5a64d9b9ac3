import { Prisma } from "#generated/prisma/client.ts";
import type { Database, DatabaseTransaction } from "../../db.ts";
import { firstIdAt } from "../id-time.ts";

const RETENTION_LOCK = 72_707_373;
const LOCK_PATIENCE_MS = 3_000;

/** A month of runs with everything that belongs to them. */
export type OldMonth = {
  /** "2026-01", in UTC */
  month: string;
  runs: number;
  results: number;
  bytes: number;
  /** runs that have not ended: the month stays until they have */
  running: number;
};

type Retention = { db: Database; now: Date; keepMonths: number };

/**
 * The months that are too old, oldest first. `keepMonths` counts whole months before the current one; 0 keeps
 * everything.
 */
export async function oldMonths({ db, now, keepMonths }: Retention): Promise<OldMonth[]> {
  const found: OldMonth[] = [];
  for (const month of await monthsBefore(db, { now, keepMonths })) found.push(await look(db, month));
  return found;
}

/**
 * Drops each month that is too old as a whole, with its own transaction, and returns what went. States, saved views,
 * schedules and whatever else is not partitioned stay. Where another process drops, or a table is held by somebody for
 * long, the month waits for the next time.
 */
export async function dropOldMonths(retention: Retention): Promise<OldMonth[]> {
  const { db } = retention;
  const gone: OldMonth[] = [];
  for (const month of await monthsBefore(db, retention)) {
    const dropped = await db.$transaction((tx) => dropMonth(tx, month), { timeout: 120_000 });
    if (dropped) gone.push(dropped);
  }
  return gone;
}

/** Months that have a partition of runs and end before the first month that is kept. */
async function monthsBefore(db: Database, { now, keepMonths }: Omit<Retention, "db">): Promise<string[]> {
  if (keepMonths <= 0) return [];
  const firstKept = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - keepMonths, 1));
  const rows = await db.$queryRaw<{ month: string }[]>`
    SELECT replace(substr(c.relname, 5), '_', '-') AS month
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'run'::regclass AND c.relname ~ '^run_[0-9]{4}_[0-9]{2}$' ORDER BY 1`;
  const limit = firstKept.toISOString().slice(0, 7);
  return rows.map(({ month }) => month).filter((month) => month < limit);
}

async function look(db: DatabaseTransaction, month: string): Promise<OldMonth> {
  const { from, to } = rangeOf(month);
  const [found] = await db.$queryRaw<Omit<OldMonth, "month">[]>`
    SELECT
      (SELECT count(*)::int FROM run WHERE id >= ${from}::uuid AND id < ${to}::uuid) AS runs,
      (SELECT count(*)::int FROM result WHERE "runId" >= ${from}::uuid AND "runId" < ${to}::uuid) AS results,
      (SELECT count(*)::int FROM run WHERE id >= ${from}::uuid AND id < ${to}::uuid AND "endedAt" IS NULL) AS running`;
  const sizes = await db.$queryRaw<{ bytes: number }[]>`
    SELECT coalesce(sum(pg_total_relation_size(name::regclass)), 0)::float8 AS bytes
    FROM unnest(${await tablesOf(db, month)}::text[]) AS name`;
  return {
    ...{ month, runs: found?.runs ?? 0, results: found?.results ?? 0, running: found?.running ?? 0 },
    bytes: sizes[0]?.bytes ?? 0,
  };
}

/** null: it stays for now. Locked first and looked at then, so that no run can begin in between. */
async function dropMonth(tx: DatabaseTransaction, month: string): Promise<OldMonth | null> {
  const [lock] = await tx.$queryRaw<{ held: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(${RETENTION_LOCK}::bigint) AS held`;
  if (!lock?.held) return null;
  await tx.$executeRaw`SELECT set_config('lock_timeout', ${String(LOCK_PATIENCE_MS)}, true)`;
  const tables = await tablesOf(tx, month);
  if (tables.length === 0) return null;
  await tx.$executeRaw(Prisma.raw(`LOCK TABLE ${tables.join(", ")} IN ACCESS EXCLUSIVE MODE`));
  const old = await look(tx, month);
  if (old.running > 0) return null;
  const { from, to } = rangeOf(month);
  await tx.$executeRaw`DELETE FROM run_request WHERE "runId" >= ${from}::uuid AND "runId" < ${to}::uuid`;
  await tx.$executeRaw(Prisma.raw(`DROP TABLE ${tables.join(", ")}`));
  return old;
}

/** Every partition of that month, quoted, whatever it is a partition of; the runs' first. */
async function tablesOf(db: DatabaseTransaction, month: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT quote_ident(child.relname) AS name
    FROM pg_inherits i JOIN pg_class child ON child.oid = i.inhrelid JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE parent.relkind = 'p' AND child.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'run'::regclass)
      AND child.relname = parent.relname || '_' || ${month.replace("-", "_")}
    ORDER BY parent.relname <> 'run', parent.relname`;
  return rows.map(({ name }) => name);
}

function rangeOf(month: string): { from: string; to: string } {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return { from: firstIdAt(Date.UTC(year, number - 1, 1)), to: firstIdAt(Date.UTC(year, number, 1)) };
}
