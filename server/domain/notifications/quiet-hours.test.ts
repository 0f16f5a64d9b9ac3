import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { neverSpeaks, quietUntil } from "./quiet-hours.ts";

const nights = { timeZone: "Europe/Berlin", days: [0, 1, 2, 3, 4, 5, 6], from: "22:00", to: "07:00" };
const until = (quiet: Parameters<typeof quietUntil>[0], at: string) =>
  quietUntil(quiet, new Date(at))?.toISOString() ?? null;

describe("a night", () => {
  test.each([
    ["before it", "2026-11-28T20:59:59Z", null],
    ["from its first moment", "2026-11-28T21:00:00Z", "2026-11-29T06:00:00.000Z"],
    ["after midnight", "2026-11-29T03:00:00Z", "2026-11-29T06:00:00.000Z"],
    ["its end is over", "2026-11-29T06:00:00Z", null],
  ])("%s", (_name, at, end) => {
    expect(until(nights, at)).toBe(end);
  });

  test("belongs to the day it begins on", () => {
    const saturday = { ...nights, days: [6] };
    expect(until(saturday, "2026-11-29T03:00:00Z")).toBe("2026-11-29T06:00:00.000Z");
    expect(until(saturday, "2026-11-28T03:00:00Z")).toBeNull();
  });

  test("by the clocks of its zone, whatever the machine's are", () => {
    const shanghai = { ...nights, timeZone: "Asia/Shanghai" };
    expect(until(shanghai, "2026-11-28T14:00:00Z")).toBe("2026-11-28T23:00:00.000Z");
    const halfHour = { ...nights, timeZone: "Asia/Kathmandu" };
    expect(until(halfHour, "2026-11-28T16:15:00Z")).toBe("2026-11-29T01:15:00.000Z");
  });
});

describe("when clocks change", () => {
  test("a night of spring is an hour shorter, one of autumn an hour longer", () => {
    expect(until(nights, "2026-03-28T21:00:00Z")).toBe("2026-03-29T05:00:00.000Z");
    expect(until(nights, "2026-10-24T20:00:00Z")).toBe("2026-10-25T06:00:00.000Z");
  });

  test("an end that never comes is as much later as the clocks jumped", () => {
    const short = { ...nights, to: "02:30" };
    expect(until(short, "2026-03-29T00:59:00Z")).toBe("2026-03-29T01:30:00.000Z");
  });

  test("of what comes twice it begins at the first and ends at the last", () => {
    const begins = { ...nights, from: "02:30", to: "04:00" };
    expect(until(begins, "2026-10-25T00:30:00Z")).toBe("2026-10-25T03:00:00.000Z");
    const ends = { ...nights, to: "02:30" };
    expect(until(ends, "2026-10-25T00:45:00Z")).toBe("2026-10-25T01:30:00.000Z");
  });
});

test("whole days that follow each other are one stretch", () => {
  const weekend = { timeZone: "UTC", days: [6, 0], from: "00:00", to: "00:00" };
  expect(until(weekend, "2026-11-28T12:00:00Z")).toBe("2026-11-30T00:00:00.000Z");
  expect(until(weekend, "2026-11-30T00:00:00Z")).toBeNull();
  expect(neverSpeaks(weekend)).toBe(false);
  expect(neverSpeaks({ ...weekend, days: [0, 1, 2, 3, 4, 5, 6] })).toBe(true);
});

const zones = fc.constantFrom(
  ...["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"],
  ...["Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham", "Africa/Casablanca"],
);
const time = fc
  .integer({ min: 0, max: 1_439 })
  .map(
    (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`,
  );
const anyQuiet = fc.record({
  ...{ timeZone: zones, from: time, to: time },
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }),
});
const anyMoment = fc.date({
  ...{ min: new Date("2025-01-01"), max: new Date("2028-01-01"), noInvalidDate: true },
});

test("they always end, later than now and within the week, and the end is not quiet", () => {
  fc.assert(
    fc.property(anyQuiet, anyMoment, (quiet, at) => {
      const end = quietUntil(quiet, at);
      if (!end) return;
      expect(end > at).toBe(true);
      expect(end.getTime() - at.getTime()).toBeLessThan(7 * 24 * 3_600_000);
      expect(quietUntil(quiet, end)).toBeNull();
      const justBefore = new Date(end.getTime() - 1);
      expect(quietUntil(quiet, justBefore)?.getTime()).toBe(end.getTime());
    }),
    { numRuns: 2_000 },
  );
});

test("away from changes of the clocks they are what the clock on the wall says", () => {
  fc.assert(
    fc.property(anyQuiet, anyMoment, (quiet, at) => {
      const wall = new Intl.DateTimeFormat("en-GB", {
        ...{
          timeZone: quiet.timeZone,
          weekday: "short",
          hour: "2-digit",
          minute: "2-digit",
          hourCycle: "h23",
        },
      }).formatToParts(at);
      const part = (type: string) => wall.find((each) => each.type === type)?.value ?? "";
      const day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(part("weekday"));
      const now = `${part("hour")}:${part("minute")}`;
      const yesterday = (day + 6) % 7;
      const overnight = quiet.to <= quiet.from;
      const fromToday = quiet.days.includes(day) && now >= quiet.from && (overnight || now < quiet.to);
      const fromYesterday = overnight && quiet.days.includes(yesterday) && now < quiet.to;
      const changes = [-26, 26].some(
        (hours) => offset(quiet.timeZone, at, hours) !== offset(quiet.timeZone, at, 0),
      );
      if (!changes) expect(quietUntil(quiet, at) !== null).toBe(fromToday || fromYesterday);
    }),
    { numRuns: 2_000 },
  );
});

function offset(timeZone: string, at: Date, hours: number): string {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const moved = new Date(at.getTime() + hours * 3_600_000);
  return format.formatToParts(moved).find(({ type }) => type === "timeZoneName")?.value ?? "";
}
