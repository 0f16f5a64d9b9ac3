import { Cron } from "croner";
import cronstrue from "cronstrue/i18n.js";
import type { Text } from "#common/text.ts";

const SHORTEST_GAP_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;

export type CronProblem =
  | "schedule-cron-format"
  | "schedule-cron-often"
  | "schedule-cron-never"
  | "schedule-zone-unknown";

/** The times of a schedule: of five fields of cron, in a zone of the IANA database. */
export type CronTimes = { cron: string; timeZone: string };

const names = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)$/i;
const zoneName = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/;

/** One space between fields: what is stored, shown and compared. */
export function normalCron(cron: string): string {
  return cron.trim().split(/\s+/).join(" ");
}

/** What is wrong with it, if anything, and at which field. */
export function cronProblem(times: CronTimes): { field: keyof CronTimes; key: CronProblem } | null {
  if (!isZone(times.timeZone)) return { field: "timeZone", key: "schedule-zone-unknown" };
  if (!isCron(times.cron)) return { field: "cron", key: "schedule-cron-format" };
  if (nextOccurrence(times, new Date()) === null) return { field: "cron", key: "schedule-cron-never" };
  if (shortestGapMs(times.cron) < SHORTEST_GAP_MS) return { field: "cron", key: "schedule-cron-often" };
  return null;
}

/** A zone of the IANA database, by its name. */
export function isZone(timeZone: string): boolean {
  if (!zoneName.test(timeZone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** Only what cron has everywhere: the library's further signs (L, W, #, ?, nicknames, seconds, years) are refused. */
function isCron(cron: string): boolean {
  const fields = cron.split(" ");
  const plain = fields.every((field, index) => {
    const words = field.match(/[a-z]+/gi) ?? [];
    return /^[\w*,/-]+$/.test(field) && words.every((word) => index > 2 && names.test(word));
  });
  if (fields.length !== 5 || !plain) return false;
  try {
    new Cron(cron, { mode: "5-part" });
    return true;
  } catch {
    return false;
  }
}

/** The first occurrence after `after`; null where there is none. What falls into the gap of spring comes right after it. */
export function nextOccurrence(times: CronTimes, after: Date): Date | null {
  return jobOf(times).nextRun(after);
}

export function nextOccurrences(times: CronTimes, after: Date, count: number): Date[] {
  return jobOf(times).nextRuns(count, after);
}

let last: { key: string; job: Cron } | undefined;

/** The last one is kept: occurrences are asked for one after the other. */
function jobOf({ cron, timeZone }: CronTimes): Cron {
  const key = `${cron} ${timeZone}`;
  if (last?.key !== key) last = { key, job: new Cron(cron, { timezone: timeZone, mode: "5-part" }) };
  return last.job;
}

/**
 * The least time between two occurrences, as if it ran every day and in UTC: never more than it really is, but for the
 * two odd days a year of a zone, which are no reason to refuse.
 */
export function shortestGapMs(cron: string): number {
  const [minute = "*", hour = "*"] = cron.split(" ");
  const daily = new Cron(`${minute} ${hour} * * *`, { timezone: "UTC", mode: "5-part" });
  const midnight = Date.UTC(2024, 0, 1);
  let at = daily.nextRun(new Date(midnight - 1));
  let shortestMs = DAY_MS;
  while (at && at.getTime() < midnight + DAY_MS && shortestMs >= SHORTEST_GAP_MS) {
    const next = daily.nextRun(at);
    if (next) shortestMs = Math.min(shortestMs, next.getTime() - at.getTime());
    at = next;
  }
  return shortestMs;
}

/** "At 03:00, Monday through Friday". */
export function describeCron(cron: string): Text {
  const said = (locale: string) =>
    cronstrue.toString(cron, { locale, use24HourTimeFormat: true, throwExceptionOnParseError: false });
  return {
    en: said("en"),
    "zh-CN": said("zh_CN")
      .replaceAll(", ", "，")
      .replaceAll(/在(?=\d)/g, "在 "),
  };
}
