const written = new Map<number, string>();
const mostKept = 50_000;

/** A point in time as the API writes it: RFC 3339, whole seconds, UTC. Kept, since pods share most of theirs. */
export function time(atMs: number): string {
  const known = written.get(atMs);
  if (known !== undefined) return known;
  if (written.size >= mostKept) written.clear();
  const text = `${new Date(atMs).toISOString().slice(0, 19)}Z`;
  written.set(atMs, text);
  return text;
}
