/** Gives the place to others while it rests, and has one again afterwards. */
export type Pause = (rest: () => Promise<void>) => Promise<void>;

/** Runs at most `width` works at a time, in the order they came. */
export type Lane = <T>(signal: AbortSignal, work: (pause: Pause) => Promise<T>) => Promise<T>;

export function createLane(width: number): Lane {
  let free = width;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const enter = (add: "push" | "unshift") => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise<void>((resolve) => waiting[add](resolve));
  };
  return async (signal, work) => {
    await enter("push");
    const place = { held: true, over: false };
    const pause: Pause = async (rest) => {
      place.held = false;
      release();
      try {
        await rest();
      } finally {
        // Before those who have not begun: its time is running.
        await enter("unshift");
        if (place.over) release();
        else place.held = true;
      }
    };
    try {
      // Raced here, so that a work that never ends gives its place back once it is aborted.
      signal.throwIfAborted();
      return await untilAborted(work(pause), signal);
    } finally {
      if (place.held) release();
      place.over = true;
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
