import type { DatabaseTransaction } from "#server/db.ts";

export const scheduleChannel = "weekbook_schedule";

/** Tells the workers that times have changed. Sent when the transaction commits, never before. */
export async function notifySchedules(tx: DatabaseTransaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${scheduleChannel}, '')`;
}

/** What time it is for schedules: workers may run on machines whose clocks differ. */
export async function databaseNow(tx: DatabaseTransaction): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  return row?.now ?? new Date(Number.NaN);
}
