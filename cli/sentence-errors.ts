/** As in sysexits.h, out of the way of 0 to 3, which are verdicts. */
export const exitCodes = { usage: 64, unavailable: 69, internal: 70, timedOut: 75, refused: 77 } as const;

/** The command was given something that it cannot work with. The message is the one sentence to print. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Something the command depends on does not answer. */
export class UnavailableError extends Error {
  override name = "UnavailableError";
}

/** The server does not take the API key, or not for this. */
export class RefusedError extends Error {
  override name = "RefusedError";
}

/** A run took longer than somebody wanted to wait. */
export class TimedOutError extends Error {
  override name = "TimedOutError";
}

/** The exit code of an error whose message is a sentence; null: an error that nobody foresaw. */
export function codeOf(error: unknown): number | null {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof UnavailableError) return exitCodes.unavailable;
  if (error instanceof RefusedError) return exitCodes.refused;
  if (error instanceof TimedOutError) return exitCodes.timedOut;
  return null;
}
