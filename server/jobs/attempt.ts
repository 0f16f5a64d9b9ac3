import type { Reason } from "#common/result.ts";
import type { Prisma, Run } from "#generated/prisma/client.ts";
import type { Database, DatabaseTransaction } from "../db.ts";
import { withoutDocuments } from "./without-documents.ts";

/** A run that fails its worker this often fails for good: every run ends. */
const MAX_ATTEMPTS = 10;
const transactionOptions = { maxWait: 30_000, timeout: 120_000 };

/** What a worker holds of a run it works on. Whoever begins a later attempt makes this one void. */
export type Attempt = { run: Run; number: number };

/** Another attempt has begun or the run has ended: nothing of ours may be written any more. */
export class FenceLost extends Error {
  override name = "FenceLost";
}

/** Begins the next attempt of a run that has not ended; undefined where there is nothing left to do. */
export async function beginAttempt(
  db: Database,
  { runId, teamId }: { runId: string; teamId: string },
): Promise<Attempt | undefined> {
  const rows = await db.$queryRaw<{ attempt: number }[]>`
    UPDATE run SET attempt = attempt + 1, seq = seq + 1, status = 'running',
      "startedAt" = coalesce("startedAt", now()), "heartbeatAt" = now()
    WHERE id = ${runId}::uuid AND "teamId" = ${teamId}::uuid AND status IN ('queued', 'running')
    RETURNING attempt`;
  const number = rows[0]?.attempt;
  if (number === undefined) return undefined;
  const run = await db.run.findUniqueOrThrow({ where: { id: runId } });
  const attempt = { run, number };
  if (number <= MAX_ATTEMPTS) return attempt;
  const detail = `given up after ${MAX_ATTEMPTS} attempts`;
  await failRun(db, attempt, { code: "internal", what: "carry out the run", detail });
  return undefined;
}

/** One transaction that first takes the run's row and raises its `seq`; throws FenceLost if the run is not ours. */
export function underFence<T>(
  db: Database,
  { run, number }: Attempt,
  work: (tx: DatabaseTransaction, seq: number) => Promise<T>,
): Promise<T> {
  return db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ seq: number }[]>`
      UPDATE run SET seq = seq + 1 WHERE id = ${run.id}::uuid AND attempt = ${number} AND status = 'running'
      RETURNING seq`;
    const seq = rows[0]?.seq;
    if (seq === undefined) throw new FenceLost();
    return work(tx, seq);
  }, transactionOptions);
}

/** Ends a run that cannot be carried out; what it has not answered is unknown for that reason. */
export async function failRun(db: Database, attempt: Attempt, reason: Reason): Promise<void> {
  const runId = attempt.run.id;
  await underFence(db, attempt, async (tx, seq) => {
    const endedAt = new Date();
    const error: Prisma.InputJsonValue = { ...reason };
    await tx.result.updateMany({
      where: { runId, phase: { not: "done" } },
      data: { phase: "done", verdict: "unknown", reason: error, seq, endedAt },
    });
    await tx.run.update({
      where: { id: runId },
      data: {
        ...{ status: "failed", verdict: "unknown", error, endedAt },
        selection: withoutDocuments(attempt.run.selection),
      },
    });
  });
}
