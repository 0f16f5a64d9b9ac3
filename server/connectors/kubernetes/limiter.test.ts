import { expect, test } from "vitest";
import type { Clock } from "./clock.ts";
import { createLimiter } from "./limiter.ts";

/** A clock that jumps to the end of each wait. */
function jumpingClock(): Clock & { now: number } {
  const clock = {
    now: 0,
    nowMs: () => clock.now,
    async wait(ms: number, signal: AbortSignal) {
      signal.throwIfAborted();
      clock.now += ms;
    },
  };
  return clock;
}

const forever = new AbortController().signal;

test("lets a burst through, then so many a second", async () => {
  const clock = jumpingClock();
  const limiter = createLimiter({ ratePerSecond: 5, burst: 10, maxInFlight: 100, clock });
  const startedMs: number[] = [];
  await Promise.all(
    Array.from({ length: 20 }, () => limiter.run(forever, async () => startedMs.push(clock.now))),
  );
  expect(startedMs.slice(0, 10)).toEqual(Array(10).fill(0));
  expect(startedMs.slice(10)).toEqual([200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000]);
});

test("holds no more in flight than it may, and lets the first go first", async () => {
  const limiter = createLimiter({ ratePerSecond: 1e6, burst: 1e6, maxInFlight: 3, clock: jumpingClock() });
  const order: number[] = [];
  let inFlight = 0;
  let most = 0;
  const work = async (index: number) => {
    order.push(index);
    most = Math.max(most, ++inFlight);
    await new Promise((fulfil) => setImmediate(fulfil));
    inFlight -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, (_, index) => limiter.run(forever, () => work(index))));
  expect(most).toBe(3);
  expect(order).toEqual([...Array(12).keys()]);
});

test("a pause holds everybody back", async () => {
  const clock = jumpingClock();
  const limiter = createLimiter({ ratePerSecond: 5, burst: 10, maxInFlight: 4, clock });
  limiter.pause(3_000);
  limiter.pause(1_000);
  await limiter.run(forever, async () => undefined);
  expect(clock.now).toBe(3_000);
});

test("who gives up while waiting leaves the place to the others", async () => {
  const limiter = createLimiter({ ratePerSecond: 1e6, burst: 1e6, maxInFlight: 1, clock: jumpingClock() });
  const gate = Promise.withResolvers<void>();
  const first = limiter.run(forever, () => gate.promise);
  const stop = new AbortController();
  const second = limiter.run(stop.signal, async () => "second");
  const third = limiter.run(forever, async () => "third");
  stop.abort(new Error("enough"));
  await expect(second).rejects.toThrow("enough");
  gate.resolve();
  await first;
  expect(await third).toBe("third");
  expect(await limiter.run(forever, async () => "fourth")).toBe("fourth");
});

test("work that fails gives its place back", async () => {
  const limiter = createLimiter({ ratePerSecond: 1e6, burst: 1e6, maxInFlight: 1, clock: jumpingClock() });
  await expect(limiter.run(forever, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await limiter.run(forever, async () => "next")).toBe("next");
});
