/** A value from the address bar brought into the range its control has. */
export function within(value: number, minimum: number, maximum: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(value, minimum), maximum) : minimum;
}
