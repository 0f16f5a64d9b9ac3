import { setTimeout as wait } from "node:timers/promises";
import type { RequestBudget } from "#common/contracts/cluster.ts";
import { createLimiter, type Limiter, type Permits } from "../connectors/kubernetes/limiter.ts";
import type { Database } from "../db.ts";

/** How often a busy worker asks the database for more: rates of thousands cost no more than this. */
const LEASES_PER_SECOND = 5;
/** A permit that was not used within this time is lost: saved up, many would be used all at once. */
const PERMIT_LASTS_MS = 1_000;
const RETRY_MS = 500;

type Options = {
  db: Database;
  connectionId: string;
  budget: RequestBudget;
  onError: (error: unknown) => void;
};

/**
 * Permits for requests over one connection, shared by all workers: each books a few ahead on a row that they have in
 * common (the generic cell rate algorithm), by the database's clock.
 */
export function createSharedPermits({ db, connectionId, budget, onError }: Options): Permits {
  const { ratePerSecond, burst } = budget;
  const intervalMs = 1_000 / ratePerSecond;
  const leased = Math.max(1, Math.ceil(ratePerSecond / LEASES_PER_SECOND));
  let dueMs: number[] = [];
  let pausedUntilMs = 0;

  async function lease(): Promise<void> {
    const aheadSeconds = (leased * intervalMs) / 1_000;
    const askedMs = performance.now();
    const rows = await db.$queryRaw<{ aheadMs: number; pausedMs: number | null }[]>`
      INSERT INTO request_budget AS b ("connectionId", "bookedUntil")
      VALUES (${connectionId}::uuid, clock_timestamp() + make_interval(secs => ${aheadSeconds}::float8))
      ON CONFLICT ("connectionId") DO UPDATE SET "bookedUntil" =
        greatest(b."bookedUntil", clock_timestamp()) + make_interval(secs => ${aheadSeconds}::float8)
      RETURNING (extract(epoch FROM b."bookedUntil" - clock_timestamp()) * 1000)::float8 AS "aheadMs",
        (extract(epoch FROM b."pausedUntil" - clock_timestamp()) * 1000)::float8 AS "pausedMs"`;
    const [row] = rows;
    if (!row) throw new Error("the budget has no row");
    const now = performance.now();
    if (row.pausedMs !== null) pausedUntilMs = Math.max(pausedUntilMs, now + row.pausedMs);
    // Counted from when the answer came, which is late rather than early.
    const firstMs = now + row.aheadMs - (leased - 1 + burst) * intervalMs;
    dueMs = Array.from({ length: leased }, (_, index) => Math.max(askedMs, firstMs + index * intervalMs));
  }

  return {
    async take(signal) {
      for (;;) {
        signal.throwIfAborted();
        dueMs = dueMs.filter((due) => due > performance.now() - PERMIT_LASTS_MS);
        const due = dueMs.shift();
        if (due === undefined) {
          await lease().catch(async (error) => {
            onError(error);
            await pauseFor(RETRY_MS, signal);
          });
          continue;
        }
        await pauseFor(due - performance.now(), signal);
        // A pause that was heard of meanwhile holds back what was booked before it, too.
        while (pausedUntilMs > performance.now()) await pauseFor(pausedUntilMs - performance.now(), signal);
        return;
      }
    },
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, performance.now() + ms);
      const seconds = ms / 1_000;
      db.$executeRaw`
        INSERT INTO request_budget AS b ("connectionId", "bookedUntil", "pausedUntil")
        VALUES (${connectionId}::uuid, now(), clock_timestamp() + make_interval(secs => ${seconds}::float8))
        ON CONFLICT ("connectionId") DO UPDATE SET "pausedUntil" = greatest(b."pausedUntil", excluded."pausedUntil")`.catch(
        onError,
      );
    },
  };
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  try {
    await wait(Math.ceil(ms), undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

export type RequestBudgets = {
  /** the limiter of everything this worker sends over a connection, whatever run it is for */
  limiterOf(connectionId: string, budget: RequestBudget): Limiter;
};

/** What is in flight is counted per worker, what is sent by all of them together. */
export function createRequestBudgets(db: Database, onError: (error: unknown) => void): RequestBudgets {
  const known = new Map<string, { settings: string; limiter: Limiter }>();
  return {
    limiterOf(connectionId, budget) {
      const settings = JSON.stringify(budget);
      const before = known.get(connectionId);
      if (before?.settings === settings) return before.limiter;
      const permits = createSharedPermits({ db, connectionId, budget, onError });
      const limiter = createLimiter({ permits, maxInFlight: budget.inFlight });
      known.set(connectionId, { settings, limiter });
      return limiter;
    },
  };
}
