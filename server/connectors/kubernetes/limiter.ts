import { raceAbort } from "../dialler.ts";
import type { Clock } from "./clock.ts";

export type LimiterOptions = { ratePerSecond: number; burst: number; maxInFlight: number; clock: Clock };

/** A token bucket and a cap on what is in flight, first come, first served; `pause` holds everybody back. */
export type Limiter = {
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  pause(ms: number): void;
};

export function createLimiter({ ratePerSecond, burst, maxInFlight, clock }: LimiterOptions): Limiter {
  let tokens = burst;
  let refilledAtMs = clock.nowMs();
  let pausedUntilMs = 0;
  let inFlight = 0;
  let line: Promise<unknown> = Promise.resolve();
  const waiting: (() => void)[] = [];

  async function takeToken(signal: AbortSignal): Promise<void> {
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
  }

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
      await takeToken(signal);
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
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.nowMs() + ms);
    },
  };
}
