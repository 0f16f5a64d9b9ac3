import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cronProblem, describeCron, nextOccurrences, normalCron, shortestGapMs } from "./cron.ts";

const times = (cron: string, timeZone: string, after: string, count = 3) =>
  nextOccurrences({ cron, timeZone }, new Date(after), count).map((at) => at.toISOString());
const problem = (cron: string, timeZone = "Europe/Berlin") => cronProblem({ cron, timeZone })?.key ?? null;

describe("daylight saving time", () => {
  test("spring: what falls into the gap runs once, right after it, and the next day at its own time", () => {
    expect(times("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z")).toEqual([
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
      "2026-03-31T00:30:00.000Z",
    ]);
    expect(times("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2)).toEqual([
      "2026-03-08T07:00:00.000Z",
      "2026-03-09T06:30:00.000Z",
    ]);
  });

  test("autumn: a time that comes twice runs the first time only", () => {
    expect(times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z")).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
      "2026-10-27T01:30:00.000Z",
    ]);
  });

  test("what runs every half hour goes on every half hour through both", () => {
    for (const around of ["2026-03-28T23:40:00Z", "2026-10-24T23:40:00Z"]) {
      const at = nextOccurrences({ cron: "*/30 * * * *", timeZone: "Europe/Berlin" }, new Date(around), 12);
      const gaps = at.slice(1).map((each, index) => each.getTime() - (at[index]?.getTime() ?? 0));
      expect(new Set(gaps)).toEqual(new Set([30 * 60_000]));
    }
  });

  test("each occurrence leads to another, later one, in any zone and at any time", () => {
    const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "UTC"];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom("30 2 * * *", "*/20 1-3 * * *", "0 3 * * sun", "59 23 * * *", "0 0 * * *"),
        fc.date({ min: new Date("2025-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
        (timeZone, cron, from) => {
          let last = from;
          for (const next of nextOccurrences({ cron, timeZone }, from, 8)) {
            expect(next.getTime()).toBeGreaterThan(last.getTime());
            last = next;
          }
        },
      ),
    );
  });
});

describe("what is accepted", () => {
  test.each(["0 3 * * *", "*/5 * * * *", "15,45 9-17 * jan,MAR mon-fri", "0 0 29 2 *", "0 0 * * 7"])(
    "%s",
    (cron) => {
      expect(problem(cron)).toBeNull();
    },
  );

  test.each([
    ["* * * * *", "schedule-cron-often"],
    ["*/4 * * * *", "schedule-cron-often"],
    ["*/7 * * * *", "schedule-cron-often"],
    ["0,58 * * * *", "schedule-cron-often"],
    ["0,58 0,23 * * *", "schedule-cron-often"],
    ["0 0 30 2 *", "schedule-cron-never"],
    ["0 0 31 4,6,9,11 *", "schedule-cron-never"],
    ["0 0 0 * * *", "schedule-cron-format"],
    ["@daily", "schedule-cron-format"],
    ["@every 1s", "schedule-cron-format"],
    ["0 0 L * *", "schedule-cron-format"],
    ["0 0 15W * *", "schedule-cron-format"],
    ["0 0 * * 5#2", "schedule-cron-format"],
    ["? 0 * * *", "schedule-cron-format"],
    ["mon 0 * * *", "schedule-cron-format"],
    ["60 0 * * *", "schedule-cron-format"],
    ["*/0 * * * *", "schedule-cron-format"],
    ["1-999999999 0 * * *", "schedule-cron-format"],
    ["0 3 * *", "schedule-cron-format"],
    ["", "schedule-cron-format"],
    ["0 3 * * *\u0000", "schedule-cron-format"],
    ["٠ 3 * * *", "schedule-cron-format"],
  ])("%s: %s", (cron, key) => {
    expect(problem(cron)).toBe(key);
  });

  test.each([
    "Mars/Olympus",
    "",
    "+01:00",
    "Europe/Berlin; DROP",
    "../../etc/passwd",
    "__proto__",
    "Europe/../UTC",
  ])("the zone %s is unknown", (timeZone) => {
    expect(problem("0 3 * * *", timeZone)).toBe("schedule-zone-unknown");
  });

  test("no text of the length a form takes keeps it busy", () => {
    const part = fc.stringMatching(/^[0-9*,/a-zLW#?-]{1,22}$/);
    const started = performance.now();
    fc.assert(
      fc.property(fc.tuple(part, part, part, part, part), (fields) => {
        const cron = normalCron(fields.join(" "));
        const before = performance.now();
        problem(cron);
        expect(performance.now() - before).toBeLessThan(5_000);
      }),
      { numRuns: 150 },
    );
    for (const cron of [`${"0,".repeat(59)}0 0 * * *`, "0-59/5 0-23 1-31 1-12 0-7", "0 0 29 2 1-6/5"])
      problem(cron);
    expect(performance.now() - started).toBeLessThan(25_000);
  });
});

test("the shortest gap", () => {
  expect(shortestGapMs("*/5 * * * *")).toBe(5 * 60_000);
  expect(shortestGapMs("0 3 * * *")).toBe(24 * 3_600_000);
  expect(shortestGapMs("0 3,5 * * *")).toBe(2 * 3_600_000);
});

test("in words, in both languages", () => {
  expect(describeCron("30 2 * * mon-fri")).toEqual({
    en: "At 02:30, Monday through Friday",
    "zh-CN": "在 02:30，星期一至星期五",
  });
});
