import { setTimeout as sleep } from "node:timers/promises";

/** Time as the connector sees it, so that tests need not wait. `wait` rejects with the signal's reason. */
export type Clock = { nowMs(): number; wait(ms: number, signal: AbortSignal): Promise<void> };

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  async wait(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
