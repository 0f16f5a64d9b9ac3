import fc from "fast-check";
import { expect, test } from "vitest";
import { nextOccurrence } from "./cron.ts";
import { decide, dueAt } from "./occurrences.ts";

const id = "0190f5a0-0000-7000-8000-000000000001";
const at = (text: string) => new Date(`2026-05-${text}Z`);
const nightly = { id, cron: "0 3 * * *", timeZone: "UTC", jitterSeconds: 0 };
const frequent = { ...nightly, cron: "*/5 * * * *" };
const weekly = { ...nightly, cron: "0 3 * * fri" };

test("the delay is the same for whoever works it out, and within the jitter", () => {
  const jittery = { id, jitterSeconds: 600 };
  const due = new Set<number>();
  for (let day = 1; day <= 28; day += 1) {
    const occurrence = new Date(Date.UTC(2026, 1, day, 3));
    const delayMs = dueAt(jittery, occurrence).getTime() - occurrence.getTime();
    expect(delayMs).toBe(dueAt({ ...jittery }, new Date(occurrence)).getTime() - occurrence.getTime());
    expect(delayMs).toBeGreaterThanOrEqual(0);
    expect(delayMs).toBeLessThanOrEqual(600_000);
    due.add(delayMs);
  }
  expect(due.size).toBeGreaterThan(20);
  expect(dueAt({ id, jitterSeconds: 0 }, at("01T03:00:00"))).toEqual(at("01T03:00:00"));
});

test("on time, it runs, by either rule", () => {
  for (const missedRule of ["run_once", "skip"] as const) {
    expect(decide({ ...nightly, missedRule, occurrenceAt: at("04T03:00:00") }, at("04T03:00:02"))).toEqual({
      run: at("04T03:00:00"),
      missed: 0,
      next: { occurrenceAt: at("05T03:00:00"), nextAt: at("05T03:00:00") },
    });
  }
});

test("missed ones after downtime: the newest runs once, the others are counted", () => {
  const row = { ...nightly, missedRule: "run_once" as const, occurrenceAt: at("04T03:00:00") };
  expect(decide(row, at("07T13:00:00"))).toEqual({
    run: at("07T03:00:00"),
    missed: 3,
    next: { occurrenceAt: at("08T03:00:00"), nextAt: at("08T03:00:00") },
  });
});

test("missed ones are left out by the rule skip", () => {
  const row = { ...nightly, missedRule: "skip" as const, occurrenceAt: at("04T03:00:00") };
  expect(decide(row, at("07T13:00:00"))).toMatchObject({ run: null, missed: 4 });
  expect(decide(row, at("07T03:04:00"))).toMatchObject({ run: at("07T03:00:00"), missed: 3 });
});

test("what is older than a day is not made up for", () => {
  const row = { ...weekly, missedRule: "run_once" as const, occurrenceAt: at("01T03:00:00") };
  expect(decide(row, at("02T02:59:00"))).toMatchObject({ run: at("01T03:00:00"), missed: 0 });
  expect(decide(row, at("02T03:01:00"))).toMatchObject({ run: null, missed: 1 });
});

test("years of downtime are decided in no time", () => {
  const row = {
    ...frequent,
    missedRule: "run_once" as const,
    occurrenceAt: new Date("2016-05-01T00:00:00Z"),
  };
  const started = performance.now();
  const decision = decide(row, at("04T03:01:00"));
  expect(decision).toMatchObject({ run: at("04T03:00:00"), next: { occurrenceAt: at("04T03:05:00") } });
  expect(decision.missed).toBeGreaterThanOrEqual(500);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("whatever the downtime: at most one run, never one that is not due, and time moves on", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(nightly, frequent, weekly, {
        ...nightly,
        timeZone: "Europe/Berlin",
        cron: "30 2 * * *",
      }),
      fc.constantFrom("run_once" as const, "skip" as const),
      fc.integer({ min: 0, max: 240 }),
      fc.integer({ min: 0, max: 9 * 24 * 3_600 }),
      (schedule, missedRule, jitterSeconds, lateSeconds) => {
        const plan = { ...schedule, jitterSeconds };
        const occurrenceAt = nextOccurrence(plan, new Date("2026-03-20T12:34:00Z")) ?? new Date(Number.NaN);
        const now = new Date(dueAt(plan, occurrenceAt).getTime() + lateSeconds * 1_000);
        const { run, missed, next } = decide({ ...plan, missedRule, occurrenceAt }, now);
        if (run) expect(dueAt(plan, run).getTime()).toBeLessThanOrEqual(now.getTime());
        expect(missed).toBeGreaterThanOrEqual(run ? 0 : 1);
        expect(next?.nextAt.getTime()).toBeGreaterThan(now.getTime());
        if (lateSeconds < 300) expect(run).toEqual(occurrenceAt);
      },
    ),
    { numRuns: 60 },
  );
});
