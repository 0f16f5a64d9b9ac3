import { raceAbort } from "../dialler.ts";
import type { Clock } from "./clock.ts";

/** Where the permission for each request comes from. */
export type Permits = {
  /** settles when one more request may be sent */
  take(signal: AbortSignal): Promise<void>;
  /** holds everybody back who takes from here */
  pause(ms: number): void;
};

/** A cap on what is in flight, first come, first served; `pause` holds everybody back. */
export type Limiter = {
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  pause(ms: number): void;
};

type BucketOptions = { ratePerSecond: number; burst: number; clock: Clock };

/** A token bucket of one's own. */
function createBucket({ ratePerSecond, burst, clock }: BucketOptions): Permits {
  let tokens = burst;
  let refilledAtMs = clock.nowMs();
  let pausedUntilMs = 0;
  return {
    async take(signal) {
      for (;;) {
        signal.throwIfAborted();
        const now = clock.nowMs();
        tokens = Math.min(burst, tokens + ((now - refilledAtMs) / 1000) * ratePerSecond);
        refilledAtMs = now;
        const waitMs = Math.max(pausedUntilMs - now, tokens >= 1 ? 0 : ((1 - tokens) / ratePerSecond) * 1000);
        if (waitMs <= 0) break;
        await clock.wait(Math.ceil(waitMs), signal);
      }
      tokens -= 1;
    },
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.nowMs() + ms);
    },
  };
}

/** With `permits` that others take from too, or with a bucket of its own. */
export function createLimiter(
  options: { maxInFlight: number } & (BucketOptions | { permits: Permits }),
): Limiter {
  const { maxInFlight } = options;
  const permits = "permits" in options ? options.permits : createBucket(options);
  let inFlight = 0;
  let line: Promise<unknown> = Promise.resolve();
  const waiting: (() => void)[] = [];

  async function takeSlot(signal: AbortSignal): Promise<void> {
    while (inFlight >= maxInFlight) {
      signal.throwIfAborted();
      await new Promise<void>((fulfil) => {
        const wake = () => {
          signal.removeEventListener("abort", wake);
          fulfil();
        };
        waiting.push(wake);
        signal.addEventListener("abort", wake, { once: true });
      });
    }
    signal.throwIfAborted();
    inFlight += 1;
  }

  async function enter(signal: AbortSignal): Promise<void> {
    await takeSlot(signal);
    try {
      await permits.take(signal);
    } catch (error) {
      leave();
      throw error;
    }
  }

  function leave(): void {
    inFlight -= 1;
    for (const wake of waiting.splice(0)) wake();
  }

  return {
    async run(signal, work) {
      const turn = line.then(() => enter(signal));
      line = turn.catch(() => undefined);
      try {
        await raceAbort(turn, signal);
      } catch (error) {
        // Aborted at the very moment it was let in: the place has to be given back.
        turn.then(leave, () => undefined);
        throw error;
      }
      try {
        return await work();
      } finally {
        leave();
      }
    },
    pause: (ms) => permits.pause(ms),
  };
}
