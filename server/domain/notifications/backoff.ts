/** The first try and nine more; with the pauses below that is an afternoon at most. */
export const mostAttempts = 10;
const firstPauseMs = 10_000;
const longestPauseMs = 3_600_000;

/**
 * How long to wait after so many attempts: anything up to twice as long as before (full jitter, so that many that
 * failed together do not come again together), and never less than the far end asked for, up to an hour.
 */
export function pauseMs(
  { attempts, retryAfterMs }: { attempts: number; retryAfterMs: number | null },
  random: () => number = Math.random,
): number {
  const most = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, attempts - 1));
  const asked = Math.min(longestPauseMs, Math.max(0, retryAfterMs ?? 0));
  return Math.round(Math.max(1_000, asked + random() * (asked > 0 ? firstPauseMs : most)));
}

/** "120" or a date of HTTP, in ms from now; null for anything else. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
