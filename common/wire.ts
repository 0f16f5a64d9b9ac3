/**
 * What crosses between server and browser: JSON, and besides it Date and undefined, each an object whose only key is
 * "$". Keys that begin with "$" get one more, so that no data is ever taken for a tag.
 */
export function toWire(value: unknown): unknown {
  if (value === undefined) return { $: null };
  if (value instanceof Date) return { $: value.toISOString() };
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(toWire);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype)
    throw new TypeError("Only plain data can be sent");
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key[0] === "$" ? `$${key}` : key, toWire(item)]));
}

export function fromWire(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(fromWire);
  if ("$" in value) return value.$ === null ? undefined : new Date(String(value.$));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key[0] === "$" ? key.slice(1) : key, fromWire(item)]),
  );
}
