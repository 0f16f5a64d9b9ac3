/** The same number of bytes in the units of the label (powers of 1000) and of most tools (powers of 1024). */

export const capacityUnits = ["GB", "TB", "PB"] as const;
export type CapacityUnit = (typeof capacityUnits)[number];

const exponent: Record<CapacityUnit, number> = { GB: 3, TB: 4, PB: 5 };

export type Capacity = {
  bytes: number;
  /** the label's number read in 1024s, as if nothing were lost: what people expect to see */
  expectedBytes: number;
  decimal: { value: number; unit: string };
  binary: { value: number; unit: string };
  /** how much smaller the number gets, in percent */
  shortfallPercent: number;
};

export function capacity(value: number, unit: CapacityUnit): Capacity {
  const bytes = Math.round(value * 1000 ** exponent[unit]);
  const expectedBytes = value * 1024 ** exponent[unit];
  return {
    bytes,
    expectedBytes,
    decimal: scaled(bytes, 1000, ["B", "kB", "MB", "GB", "TB", "PB", "EB"]),
    binary: scaled(bytes, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]),
    shortfallPercent: (1 - (1000 / 1024) ** exponent[unit]) * 100,
  };
}

function scaled(bytes: number, base: number, units: readonly string[]): { value: number; unit: string } {
  let value = bytes;
  let step = 0;
  while (value >= base && step < units.length - 1) {
    value /= base;
    step += 1;
  }
  return { value, unit: units[step] ?? "B" };
}

/**
 * `df -h` and `df -H`: one decimal below ten, whole numbers above, always rounded up, the unit's letter alone.
 */
export function asDfShows(bytes: number, base: 1000 | 1024): string {
  const { value, unit } = scaled(bytes, base, ["", "K", "M", "G", "T", "P", "E"]);
  const letter = base === 1000 && unit === "K" ? "k" : unit;
  const rounded = value < 10 && unit !== "" ? Math.ceil(value * 10 - 1e-9) / 10 : Math.ceil(value - 1e-9);
  if (rounded >= base && unit !== "E")
    return asDfShows(base ** (["", "K", "M", "G", "T", "P"].indexOf(unit) + 1), base);
  return rounded < 10 && unit !== "" ? `${rounded.toFixed(1)}${letter}` : `${rounded}${letter}`;
}

/** `lsblk`: one decimal, none when it is zero. */
export function asLsblkShows(bytes: number): string {
  const { value, unit } = scaled(bytes, 1024, ["B", "K", "M", "G", "T", "P", "E"]);
  return `${value.toFixed(1).replace(/\.0$/, "")}${unit}`;
}

/** Windows Explorer: three digits, the rest cut off, with decimal names for binary units. */
export function asWindowsShows(bytes: number): string {
  const { value, unit } = scaled(bytes, 1024, ["bytes", "KB", "MB", "GB", "TB", "PB", "EB"]);
  const decimals = unit === "bytes" || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const cut = Math.floor(value * 10 ** decimals + 1e-9) / 10 ** decimals;
  return `${cut.toFixed(decimals)} ${unit}`;
}
