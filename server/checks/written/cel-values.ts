/** Data without a prototype's names: an expression finds the keys that are there and no others. */
export const CelMap = Map<string, unknown>;

/** JSON as expressions see it: whole numbers as integers, objects as maps. */
export function toCel(value: unknown): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value !== "object" || value === null) return value ?? null;
  return new CelMap(Object.entries(value).map(([key, member]) => [key, toCel(member)]));
}

/** A value as a sentence holds it. */
export function toWords(value: unknown, depth = 0): string {
  if (typeof value === "string") return value;
  if (value === null || ["bigint", "boolean"].includes(typeof value)) return String(value);
  if (typeof value === "number") return String(Math.round(value * 1_000) / 1_000);
  if (value instanceof Date) return value.toISOString();
  if (depth > 3) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, 10).map((member) => toWords(member, depth + 1));
    return [...shown, ...(value.length > 10 ? ["…"] : [])].join(", ");
  }
  if (value instanceof Map) {
    const entries = [...value].slice(0, 10);
    return entries.map(([key, member]) => `${key}: ${toWords(member, depth + 1)}`).join(", ");
  }
  return String(value);
}
