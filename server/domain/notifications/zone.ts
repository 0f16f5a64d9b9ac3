const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A day of the calendar, whatever the zone. */
export type Day = { year: number; month: number; day: number };

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, hourCycle: "h23", calendar: "gregory", numberingSystem: "latn" },
    ...{ year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  });
  if (formats.size >= 200) formats.clear();
  formats.set(timeZone, made);
  return made;
}

/** What the clocks of the zone show, as if they were in UTC: in ms, whole seconds. */
function wallMs(atMs: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((each) => each.type === type)?.value ?? Number.NaN);
  const day = Date.UTC(part("year"), part("month") - 1, part("day"));
  return day + part("hour") * 60 * minuteMs + part("minute") * minuteMs + part("second") * 1_000;
}

function offsetMs(atMs: number, timeZone: string): number {
  return wallMs(atMs, timeZone) - Math.floor(atMs / 1_000) * 1_000;
}

export function dayIn(at: Date, timeZone: string): Day {
  return toDay(wallMs(at.getTime(), timeZone));
}

export function addDays({ year, month, day }: Day, days: number): Day {
  return toDay(Date.UTC(year, month - 1, day) + days * dayMs);
}

/** 0 is Sunday. */
export function weekdayOf({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/**
 * When the clocks of the zone show this time on this day. Of a time that comes twice (clocks set back) the one asked
 * for; one that never comes (clocks set forward) is as much later as the clocks jumped.
 */
export function momentOf(
  day: Day,
  minuteOfDay: number,
  { timeZone, twice }: { timeZone: string; twice: "first" | "last" },
): Date {
  const wall = Date.UTC(day.year, day.month - 1, day.day) + minuteOfDay * minuteMs;
  const before = wall - offsetMs(wall - dayMs, timeZone);
  const after = wall - offsetMs(wall + dayMs, timeZone);
  const real = [before, after].filter((atMs) => wallMs(atMs, timeZone) === wall);
  if (real.length === 0) return new Date(before);
  return new Date(twice === "first" ? Math.min(...real) : Math.max(...real));
}

function toDay(utcMs: number): Day {
  const date = new Date(utcMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
