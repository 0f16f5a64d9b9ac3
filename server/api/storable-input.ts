const maxDepth = 64;

/**
 * Whether Postgres can hold every string of an input: it knows no NUL and no half of a surrogate pair. Properties
 * called `text` are files that a reader of their own refuses in its own words.
 */
export function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (typeof value !== "object" || value === null) return true;
  if (depth > maxDepth) return false;
  const fits = (part: unknown) => isStorable(part, depth + 1);
  return Object.entries(value).every(([key, item]) => key === "text" || (fits(key) && fits(item)));
}
