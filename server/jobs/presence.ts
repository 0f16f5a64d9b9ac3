import pg from "pg";
import type { DatabaseTransaction } from "../db.ts";

/** Held in shared mode by every worker for as long as its session lives: the server itself lets go of a dead one's. */
const PRESENCE_LOCK = 72_707_371;
const RETRY_MS = 1_000;

const PRESENT = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0
  AND objid = ${PRESENCE_LOCK} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Whether any worker is there to take jobs. */
export async function workerAlive(pool: pg.Pool): Promise<boolean> {
  const { rowCount } = await pool.query(`${PRESENT} LIMIT 1`);
  return (rowCount ?? 0) > 0;
}

/** How many workers are there to take jobs. */
export async function countWorkers(db: DatabaseTransaction): Promise<number> {
  const [row] = await db.$queryRawUnsafe<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM (${PRESENT}) AS present`,
  );
  return row?.count ?? 0;
}

/** Shows that this worker is there. `onGone` is told when the database has not answered for `patienceMs`. */
export async function holdPresence(options: {
  url: string;
  patienceMs: number;
  onGone: () => void;
}): Promise<{ release(): Promise<void> }> {
  let client: pg.Client | undefined;
  let released = false;
  let gone: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  const take = async () => {
    const next = new pg.Client({
      connectionString: options.url,
      application_name: "weekbook-presence",
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    next.on("error", () => {});
    await next.connect();
    await next.query("SELECT pg_advisory_lock_shared($1)", [PRESENCE_LOCK]);
    next.once("end", lose);
    client = next;
    clearTimeout(gone);
    gone = undefined;
  };
  const lose = () => {
    if (released) return;
    gone ??= setTimeout(options.onGone, options.patienceMs);
    retry = setTimeout(() => void take().catch(lose), RETRY_MS);
  };
  await take();
  return {
    async release() {
      released = true;
      clearTimeout(gone);
      clearTimeout(retry);
      await client?.end();
    },
  };
}
