/** A point in time as the API writes it: RFC 3339, whole seconds, UTC. */
export function time(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
