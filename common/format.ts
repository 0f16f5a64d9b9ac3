/** Times, numbers and sizes in words, by the platform's own knowledge of each language. */

const steps: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

const made = new Map<string, unknown>();
/** Making a formatter costs far more than using it. */
function kept<Formatter>(key: string, make: () => Formatter): Formatter {
  const known = made.get(key) as Formatter | undefined;
  if (known !== undefined) return known;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

/** "3 minutes ago", "yesterday", "now". */
export function relativeTime(at: Date, now: Date, locale: string): string {
  const format = kept(`relative ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  const seconds = (at.getTime() - now.getTime()) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, "second");
}

/** "Nov 22, 2026, 7:34:05 PM GMT+1". */
export function exactTime(at: Date, locale: string, timeZone?: string): string {
  return kept(
    `exact ${locale} ${timeZone}`,
    () =>
      new Intl.DateTimeFormat(locale, {
        year: "numeric",
        month: "short",
        day: "numeric",
        hour: "numeric",
        minute: "2-digit",
        second: "2-digit",
        timeZoneName: "short",
        timeZone,
      }),
  ).format(at);
}

/** A calendar day: "Sep 20, 2021", "2021年9月20日". `iso` is a date without a time. */
export function calendarDay(iso: string, locale: string): string {
  return kept(
    `day ${locale}`,
    () =>
      new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" }),
  ).format(new Date(`${iso}T00:00:00Z`));
}

/** 12,004; at most `digits` after the point. */
export function number(value: number, locale: string, digits = 1): string {
  return kept(
    `number ${locale} ${digits}`,
    () => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }),
  ).format(value);
}

export function percent(share: number, locale: string, digits = 1): string {
  return kept(
    `percent ${locale} ${digits}`,
    () => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: digits }),
  ).format(share);
}

/** "4.2 ms", "12 s", "3 min 20 s", "2 h 5 min". */
export function duration(ms: number, locale: string): string {
  const part = (value: number, unit: string, digits: number) =>
    kept(
      `unit ${locale} ${unit} ${digits}`,
      () =>
        new Intl.NumberFormat(locale, {
          style: "unit",
          unit,
          unitDisplay: "short",
          maximumFractionDigits: digits,
        }),
    ).format(value);
  if (ms < 1) return part(ms * 1000, "microsecond", 0);
  if (ms < 1_000) return part(ms, "millisecond", ms < 10 ? 1 : 0);
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return part(ms / 1000, "second", ms < 10_000 ? 1 : 0);
  const [big, small, size] =
    seconds < 3_600 ? (["minute", "second", 60] as const) : (["hour", "minute", 3_600] as const);
  const rest = Math.floor((seconds % size) / (size / 60));
  const whole = part(Math.floor(seconds / size), big, 0);
  return rest === 0 ? whole : `${whole} ${part(rest, small, 0)}`;
}

const binaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Powers of 1,024 with their own names: "1.5 MiB". */
export function bytes(value: number, locale: string): string {
  const power = Math.min(binaryUnits.length - 1, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10));
  return `${number(value / 1024 ** power, locale)} ${binaryUnits[power]}`;
}
