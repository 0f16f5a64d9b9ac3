import fc from "fast-check";
import { expect, test } from "vitest";
import { mostAttempts, pauseMs, retryAfterMs } from "./backoff.ts";

test("full jitter: anything up to a limit that doubles, an hour at most", () => {
  expect(pauseMs({ attempts: 1, retryAfterMs: null }, () => 1)).toBe(10_000);
  expect(pauseMs({ attempts: 4, retryAfterMs: null }, () => 1)).toBe(80_000);
  expect(pauseMs({ attempts: mostAttempts, retryAfterMs: null }, () => 1)).toBe(3_600_000);
  expect(pauseMs({ attempts: 4, retryAfterMs: null }, () => 0)).toBe(1_000);
});

test("never before the far end asked, and never more than an hour and a bit later", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 1e9 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, asked, share) => {
        const pause = pauseMs({ attempts, retryAfterMs: asked }, () => share);
        expect(pause).toBeGreaterThanOrEqual(Math.min(asked, 3_600_000));
        expect(pause).toBeLessThanOrEqual(3_610_000);
      },
    ),
  );
});

test("Retry-After in seconds, as a date, and nonsense", () => {
  const now = new Date("2026-11-28T12:00:00Z");
  expect(retryAfterMs("120", now)).toBe(120_000);
  expect(retryAfterMs("Sat, 28 Nov 2026 12:00:30 GMT", now)).toBe(30_000);
  expect(retryAfterMs("Sat, 28 Nov 2026 11:00:30 GMT", now)).toBe(0);
  expect(retryAfterMs("soon", now)).toBeNull();
  expect(retryAfterMs(undefined, now)).toBeNull();
});
