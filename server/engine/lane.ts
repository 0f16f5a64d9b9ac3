/** Runs at most `width` works at a time, in the order they came. */
export type Lane = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

export function createLane(width: number): Lane {
  let free = width;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const enter = () => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise<void>((resolve) => waiting.push(resolve));
  };
  return async (signal, work) => {
    await enter();
    try {
      // Raced here, so that a work that never ends gives its place back once it is aborted.
      signal.throwIfAborted();
      return await untilAborted(work(), signal);
    } finally {
      release();
    }
  };
}

/** Settles with `promise`, or rejects with the signal's reason as soon as it is aborted. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
