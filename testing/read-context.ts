import { type ReadContext, ReadError } from "#server/connectors/connector.ts";

/** A context that counts, for asking a connector directly. */
export function countingContext(signal: AbortSignal = AbortSignal.timeout(30_000)): ReadContext & {
  counts: { calls: number; bytes: number; throttled: number };
} {
  const counts = { calls: 0, bytes: 0, throttled: 0 };
  return {
    signal,
    counts,
    meter: {
      call: () => {
        counts.calls += 1;
      },
      bytes: (count) => {
        counts.bytes += count;
      },
      throttled: () => {
        counts.throttled += 1;
      },
    },
  };
}

/** "code/token" of the ReadError that `reading` ends with. */
export async function readFailureOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof ReadError)) return `no ReadError: ${String(error)}`;
  return `${error.reason.code}/${error.reason.detail?.split(":", 1)[0]}`;
}
