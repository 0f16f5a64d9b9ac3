import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuTimeMs } from "#testing/cpu-time.ts";
import {
  answers,
  arrivals,
  breaker,
  budget,
  pauseTicks,
  type RetryStrategies,
  sequence,
  simulate,
  startSeconds,
  strategies,
  tickMs,
  totalSeconds,
} from "./retry-strategies.ts";

const usual: RetryStrategies = {
  ...{ strategy: "immediate", rate: 40, together: 200, capacity: 60 },
  ...{ outageSeconds: 20, retries: 3, pauseMs: 1_000, seed: 1 },
};

const anyRun: fc.Arbitrary<RetryStrategies> = fc.record({
  strategy: fc.constantFrom(...strategies),
  rate: fc.integer({ min: 0, max: 40 }),
  together: fc.integer({ min: 0, max: 60 }),
  capacity: fc.integer({ min: 0, max: 60 }),
  outageSeconds: fc.integer({ min: 0, max: 40 }),
  retries: fc.integer({ min: 0, max: 6 }),
  pauseMs: fc.integer({ min: 0, max: 3_000 }),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
});

type Request = { made: number; dueAt: number; place: number };

/** The same with one list of requests that is searched at every tick, and a breaker that reads the whole history. */
function slowly(options: RetryStrategies) {
  const random = sequence(options.seed);
  const begin = (startSeconds * 1_000) / tickMs;
  const end = begin + (options.outageSeconds * 1_000) / tickMs;
  const guarded = options.strategy === "guarded";
  const load: number[] = [];
  const counts = { succeeded: 0, failed: 0 };
  let requests: Request[] = [];
  let closed: { sent: number; bad: number }[] = [];
  let [place, tokens, opened, probing] = [0, budget.most, Number.NEGATIVE_INFINITY, false];
  for (let tick = 0; tick < (totalSeconds * 1_000) / tickMs; tick += 1) {
    const fresh = arrivals(options, tick);
    for (let count = 0; count < fresh; count += 1) {
      place += 1;
      requests.push({ made: 0, dueAt: tick, place });
    }
    tokens = Math.min(budget.most, tokens + budget.share * fresh);
    const now = requests.filter((each) => each.dueAt === tick).sort((a, b) => a.place - b.place);
    requests = requests.filter((each) => each.dueAt !== tick);
    const isOpen = guarded && tick < opened + breaker.openTicks;
    const sent = isOpen ? [] : guarded && probing ? now.slice(0, 1) : [...now];
    counts.failed += now.length - sent.length;
    const good = tick >= begin && tick < end ? 0 : answers(sent.length, (options.capacity * tickMs) / 1_000);
    if (good > 0 && good < sent.length) {
      for (let last = sent.length - 1; last > 0; last -= 1) {
        const [drawn] = sent.splice(Math.floor(random() * (last + 1)), 1, ...sent.slice(last, last + 1));
        if (drawn) sent.splice(last, 1, drawn);
      }
    }
    load.push(sent.length);
    counts.succeeded += good;
    for (const each of sent.slice(good)) {
      if (each.made >= options.retries || (guarded && tokens < 1)) {
        counts.failed += 1;
        continue;
      }
      if (guarded) tokens -= 1;
      place += 1;
      const dueAt = tick + pauseTicks(options, each.made, random);
      requests.push({ made: each.made + 1, dueAt, place });
    }
    if (isOpen) continue;
    if (probing) {
      if (sent.length > good) opened = tick;
      else if (sent.length > 0) probing = false;
      continue;
    }
    closed.push({ sent: sent.length, bad: sent.length - good });
    const last = closed.slice(-breaker.ticks);
    const all = last.reduce((sum, each) => sum + each.sent, 0);
    const bad = last.reduce((sum, each) => sum + each.bad, 0);
    if (guarded && all >= breaker.least && bad > all * breaker.share) {
      [opened, probing, closed] = [tick, true, []];
    }
  }
  return { load, ...counts, pending: requests.length };
}

describe("retries against a server that fails", () => {
  test("are counted like the slow reference counts them", () => {
    fc.assert(
      fc.property(anyRun, (options) => {
        const { load, succeeded, failed } = simulate(options);
        const { pending: _, ...reference } = slowly(options);
        expect({ load, succeeded, failed }).toEqual(reference);
      }),
      { numRuns: 60 },
    );
  });

  test("lose no request", () => {
    fc.assert(
      fc.property(anyRun, (options) => {
        const { succeeded, failed } = simulate(options);
        let all = 0;
        for (let tick = 0; tick < (totalSeconds * 1_000) / tickMs; tick += 1) all += arrivals(options, tick);
        expect(succeeded + failed + slowly(options).pending).toBe(all);
      }),
      { numRuns: 30 },
    );
  });

  test("at once multiply the load of an outage by the attempts", () => {
    const { load } = simulate({ ...usual, together: 0 });
    const middle = load.slice(100, 200).reduce((sum, each) => sum + each, 0) / 10;
    expect(middle).toBe(4 * usual.rate);
  });

  test("with a fixed pause come back in step, and with jitter do not", () => {
    const fixed = simulate({ ...usual, strategy: "fixed" }).load;
    const jitter = simulate({ ...usual, strategy: "jitter" }).load;
    expect(Math.max(...fixed.slice(51))).toBeGreaterThan(200);
    expect(Math.max(...jitter.slice(51))).toBeLessThan(100);
  });

  test("with a budget and a breaker hardly reach a server that is down", () => {
    const { load, recoverySeconds } = simulate({ ...usual, strategy: "guarded" });
    expect(load.slice(60, 250).reduce((sum, each) => sum + each, 0)).toBeLessThan(20);
    expect(recoverySeconds).toBeLessThan(5);
  });

  test("keep a server down that has too little to spare", () => {
    const tight = { ...usual, rate: 55, retries: 6 };
    expect(simulate({ ...tight, strategy: "immediate" }).recoverySeconds).toBeUndefined();
    expect(simulate({ ...tight, strategy: "guarded" }).recoverySeconds).toBeLessThan(10);
  });

  test("do not happen where nothing fails", () => {
    const { failed, recoverySeconds, peak } = simulate({ ...usual, outageSeconds: 0 });
    expect({ failed, recoverySeconds, peak }).toEqual({ failed: 0, recoverySeconds: 0, peak: usual.rate });
  });
});

test("one step of a slider takes no longer than the screen does for a picture", () => {
  const worst = { rate: 100, capacity: 5, together: 500, outageSeconds: 40, retries: 8, pauseMs: 100 };
  const times = Array.from({ length: 8 }, () =>
    cpuTimeMs(() => {
      for (const strategy of strategies) simulate({ ...worst, strategy, seed: 1 });
    }),
  );
  expect(Math.min(...times)).toBeLessThan(16);
});

test("a refused request costs a quarter of an answered one", () => {
  // 33 answered and 67 refused are 33 + 67/4 = 49.75 of 50.
  expect(answers(100, 50)).toBe(33);
  expect(answers(50, 50)).toBe(50);
});
