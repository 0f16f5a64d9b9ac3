/** A runbook that was not tried for so long is no proof of today: a week, since the notes are weekly. */
export const provenDays = 7;

const dayMs = 24 * 60 * 60 * 1_000;

/** Whether what was found at that time has become too old to rely on. */
export function isStale(at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() > provenDays * dayMs;
}
