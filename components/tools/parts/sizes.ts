import type { Capacity } from "#common/tools/disk-capacity.ts";

/** "465.66 GiB": enough digits to see the difference, none to drown in. */
export function sizeWords({ value, unit }: Capacity["decimal"], locale: string): string {
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: value < 100 ? 2 : 1 }).format(value)} ${unit}`;
}
