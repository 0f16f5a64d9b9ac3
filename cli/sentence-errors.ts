/** As in sysexits.h, out of the way of 0 to 3, which are verdicts. */
export const exitCodes = { usage: 64, unavailable: 69, internal: 70 } as const;

/** The command was given something that it cannot work with. The message is the one sentence to print. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Something the command depends on does not answer. */
export class UnavailableError extends Error {
  override name = "UnavailableError";
}
