import type { Database } from "#server/db.ts";

/** How long what was sent can be looked up. */
export const keptDays = 90;

/** Takes away what was sent, or given up, long ago, and the notices that no message needs any more. */
export async function pruneDeliveries(db: Database): Promise<void> {
  await db.$executeRaw`
    DELETE FROM delivery WHERE "endedAt" < now() - ${keptDays}::int * interval '1 day'`;
  await db.$executeRaw`
    DELETE FROM notice n WHERE n."routedAt" IS NOT NULL AND n.at < now() - ${keptDays}::int * interval '1 day'
      AND NOT EXISTS (SELECT FROM delivery d WHERE d."endedAt" IS NULL AND n.id = ANY(d."noticeIds"))`;
}
