import type { DeliveryOutcome } from "#common/contracts/channel.ts";
import type { Database } from "#server/db.ts";
import { mostAttempts, pauseMs } from "./backoff.ts";
import type { Claimed } from "./claim.ts";

/** How an attempt ended. `again`: another one may go better. */
export type AttemptEnd = Omit<DeliveryOutcome, "ended"> & {
  ok: boolean;
  again: boolean;
  retryAfterMs: number | null;
};

/**
 * Writes down how an attempt ended, and when the next is. A test is tried once: whoever asked for it looks at the
 * answer. Returns false where the lease was lost meanwhile, and nothing was written.
 */
export async function settleAttempt(
  db: Database,
  { delivery }: Pick<Claimed, "delivery">,
  { ok, again, retryAfterMs, ...outcome }: AttemptEnd,
): Promise<boolean> {
  const { id, lease, attempts, kind } = delivery;
  const last = !again || kind === "test" || attempts >= mostAttempts;
  const state = ok ? "delivered" : last ? "given_up" : "failed";
  const ended = ok || !last ? null : again ? "exhausted" : "refused";
  const pause = pauseMs({ attempts, retryAfterMs });
  const count = await db.$executeRaw`
    UPDATE delivery SET state = ${state}::delivery_state, outcome = ${JSON.stringify({ ...outcome, ended })}::jsonb,
      lease = NULL, "leaseUntil" = NULL,
      "endedAt" = CASE WHEN ${state === "failed"} THEN NULL ELSE clock_timestamp() END,
      "dueAt" = clock_timestamp() + ${pause}::int * interval '1 millisecond'
    WHERE id = ${id}::uuid AND lease = ${lease}::uuid`;
  return count > 0;
}
