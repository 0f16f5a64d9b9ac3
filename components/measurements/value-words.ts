import { bytes, duration, number } from "#common/format.ts";

/** A measured value with its unit as people write it: "12 %", "1.5 MiB", "40 ms", "7 pods". */
export function valueWords(value: number, unit: string, locale: string): string {
  if (unit === "By") return bytes(value, locale);
  if (unit === "ms" && value >= 0) return duration(value, locale);
  const plain = number(value, locale, Math.abs(value) < 1 ? 3 : 1);
  const word = unitWord(unit);
  return word === "" ? plain : `${plain} ${word}`;
}

/** "{pods}" is only a name for "1", which needs none. */
export function unitWord(unit: string): string {
  return unit === "1" ? "" : unit.replace(/[{}]/g, "");
}
