import type { DatabaseTransaction } from "#server/db.ts";

export const noticeChannel = "weekbook_notice";

/** Tells the workers that there is something to send. Sent when the transaction commits, never before. */
export async function notifyNotices(tx: DatabaseTransaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${noticeChannel}, '')`;
}
