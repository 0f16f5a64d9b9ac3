/**
 * Pods of one owner carry the same labels and rules, thousands of times over. Equal values become one object, so that
 * what a check keeps of a large cluster holds each of them once. Frozen: nobody may change what many hold.
 */
const mostKept = 20_000;
const kept = new Map<string, unknown>();

export function interned<T extends object>(value: T): T {
  const key = JSON.stringify(value);
  const known = kept.get(key);
  if (known !== undefined) return known as T;
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, Object.freeze(value));
  return value;
}
