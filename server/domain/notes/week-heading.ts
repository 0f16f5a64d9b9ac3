// The line that begins a week: "2021-09-20~26", "2021-08-30~05" (into the next month), "2021/9/20 - 2021/9/26",
// "2021年9月20日~26日", "2021-W38", "Week 38, 2021".
import { mondayOf } from "../team-runbooks/read-front-matter.ts";

const dayMs = 24 * 60 * 60 * 1_000;
/** A longer span is a period, not a week of notes. */
const mostDays = 14;

const separator = String.raw`\s*(?:~|～|–|—|-|至|到|to|until)\s*`;
const range = new RegExp(
  String.raw`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?${separator}(?:(?:(\d{4})[-/.年])?(\d{1,2})[-/.月])?(\d{1,2})日?$`,
  "i",
);
const single = /^(?:week of\s+)?(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s*周)?$/i;
const isoWeek = /^(\d{4})\s*-?\s*W(\d{1,2})$/i;
const namedWeek = /^(?:week|wk\.?)\s*(\d{1,2})\s*[,/ ]\s*(\d{4})$/i;
const chineseWeek = /^(\d{4})\s*年?\s*第\s*(\d{1,2})\s*周$/;

/**
 * Monday (ISO date) of the week that a line names, or undefined where it names none. A lone date names one only where
 * it is marked as a heading: in plain text it may be the date of anything.
 */
export function weekOf(line: string, { heading }: { heading: boolean }): string | undefined {
  const text = line.trim().replace(/^[[(【「]|[\])】」:：]$/g, "");
  const parts = range.exec(text);
  if (parts) return ofRange(parts.slice(1).map((part) => (part === undefined ? undefined : Number(part))));
  const numbered = isoWeek.exec(text) ?? chineseWeek.exec(text);
  if (numbered) return ofNumber(Number(numbered[1]), Number(numbered[2]));
  const named = namedWeek.exec(text);
  if (named) return ofNumber(Number(named[2]), Number(named[1]));
  const date = heading ? single.exec(text) : null;
  const day = date && dayOf(Number(date[1]), Number(date[2]), Number(date[3]));
  return day ? mondayOf(day) : undefined;
}

function ofRange([year = 0, month = 0, day = 0, toYear, toMonth, toDay = 0]: (number | undefined)[]) {
  const from = dayOf(year, month, day);
  if (!from) return undefined;
  // "08-30~05" ends in the month after.
  const nextMonth = toMonth === undefined && toDay < day ? month + 1 : undefined;
  const to = new Date(Date.UTC(toYear ?? year, (nextMonth ?? toMonth ?? month) - 1, toDay));
  const end = to < from && toYear === undefined ? new Date(Date.UTC(year + 1, to.getUTCMonth(), toDay)) : to;
  const days = (end.getTime() - from.getTime()) / dayMs;
  return days >= 0 && days <= mostDays ? mondayOf(from) : undefined;
}

function ofNumber(year: number, week: number): string | undefined {
  if (week < 1 || week > 53) return undefined;
  // 4 January is always in week 1.
  const first = new Date(`${mondayOf(new Date(Date.UTC(year, 0, 4)))}T00:00:00Z`);
  return mondayOf(new Date(first.getTime() + (week - 1) * 7 * dayMs));
}

function dayOf(year: number, month: number, day: number): Date | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : undefined;
}
