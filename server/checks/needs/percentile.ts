/** By nearest rank: a value that was really measured. `fraction` 0.5 is the median. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)] ?? 0;
}

/** To a hundredth, as measurements are kept. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
