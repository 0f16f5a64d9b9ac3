/** Seconds in the two largest units that say something: "8 min, 30 sec". */
export function durationWords(seconds: number, locale: string): string {
  const part = (value: number, unit: "hour" | "minute" | "second", digits = 0) =>
    value.toLocaleString(locale, {
      style: "unit",
      unit,
      unitDisplay: "short",
      maximumFractionDigits: digits,
    });
  const parts =
    seconds >= 3600
      ? [part(Math.floor(seconds / 3600), "hour"), part(Math.round((seconds % 3600) / 60), "minute")]
      : seconds >= 60
        ? [part(Math.floor(seconds / 60), "minute"), part(Math.round(seconds % 60), "second")]
        : [part(seconds, "second", seconds < 10 ? 1 : 0)];
  return parts.filter((one) => !/^0\D/.test(one)).join(" ") || part(0, "second");
}
