import fc from "fast-check";
import { expect, test } from "vitest";
import { type CfsInput, cfsTimeline } from "./cfs-timeline.ts";

/** The same model, one millisecond after another; periods begin on whole milliseconds, so only ends have fractions. */
function tickByTick(input: CfsInput): { finishMs: number; throttledPeriods: number } {
  const quota = input.limitCores * 100;
  let [left, budget] = [input.workMs, 0];
  const throttled = new Set<number>();
  for (let ms = 0; ; ms += 1) {
    if (ms % 100 === 0)
      budget = ms === 0 ? quota + input.burstMs : Math.min(budget + quota, quota + input.burstMs);
    let running = 0;
    for (let cpu = 0; cpu < input.cpus && cpu < input.threads; cpu += 1) running += 1;
    const spent = Math.min(left, budget, running);
    left -= spent;
    budget -= spent;
    if (left < 1e-6) return { finishMs: ms + spent / running, throttledPeriods: throttled.size };
    if (spent < running - 1e-6) throttled.add(Math.floor(ms / 100));
  }
}

const inputs = fc.record({
  limitCores: fc.integer({ min: 1, max: 80 }).map((tenths) => tenths / 10),
  threads: fc.integer({ min: 1, max: 32 }),
  cpus: fc.integer({ min: 1, max: 32 }),
  workMs: fc.integer({ min: 1, max: 2000 }),
  burstMs: fc.integer({ min: 0, max: 200 }),
});

test("agrees with a simulation in steps of one millisecond", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const fast = cfsTimeline(input);
      const slow = tickByTick(input);
      expect(fast.finishMs).toBeCloseTo(slow.finishMs, 4);
      expect(fast.throttledPeriods).toBe(slow.throttledPeriods);
    }),
  );
});

test("segments are the timeline without gaps and hold exactly the work", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { segments, finishMs, parallel } = cfsTimeline(input);
      expect(segments[0]?.startMs).toBe(0);
      expect(segments.at(-1)?.endMs).toBeCloseTo(finishMs, 6);
      for (const [index, segment] of segments.entries()) {
        const previous = segments[index - 1];
        if (previous) expect(segment.startMs).toBeCloseTo(previous.endMs, 6);
        if (previous) expect(segment.kind).not.toBe(previous.kind);
      }
      const ran = segments
        .filter((one) => one.kind === "run")
        .reduce((sum, one) => sum + one.endMs - one.startMs, 0);
      expect(ran * parallel).toBeCloseTo(input.workMs, 4);
    }),
  );
});

test("the line of the quota never rises within a period and never leaves its bounds", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { budget, quotaMs } = cfsTimeline(input);
      for (const [index, { atMs, leftMs }] of budget.entries()) {
        expect(leftMs).toBeGreaterThan(-1e-6);
        expect(leftMs).toBeLessThan(quotaMs + input.burstMs + 1e-6);
        const previous = budget[index - 1];
        if (previous && atMs % 100 !== 0) expect(leftMs).toBeLessThanOrEqual(previous.leftMs);
      }
    }),
  );
});

test("200 ms of work at 0.4 cores on one thread takes 440 ms: four stops of 60 ms", () => {
  const timeline = cfsTimeline({ limitCores: 0.4, threads: 1, cpus: 4, workMs: 200, burstMs: 0 });
  expect(timeline).toMatchObject({ finishMs: 440, unlimitedMs: 200, addedMs: 240, throttledPeriods: 4 });
});

test("threads add up: 8 threads spend 2 cores' quota in 25 ms", () => {
  const { segments } = cfsTimeline({ limitCores: 2, threads: 8, cpus: 8, workMs: 400, burstMs: 0 });
  expect(segments[0]).toEqual({ kind: "run", startMs: 0, endMs: 25 });
});
