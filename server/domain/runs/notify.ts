import type { DatabaseTransaction } from "#server/db.ts";

export const runChannel = "weekbook_run";

/** Tells every process that follows the run. Sent when the transaction commits, never before. */
export async function notifyRun(tx: DatabaseTransaction, runId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${runChannel}, ${runId})`;
}
