import type { AuditFilter } from "#common/contracts/audit.ts";

/** The filter as part of an address, with the place in the list where there is one. */
export function auditQuery(filter: AuditFilter, cursor?: string): string {
  const parts = Object.entries({ ...filter, cursor }).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(parts.map(([name, value]) => [name, String(value)]));
  if (filter.scope === "team") query.delete("scope");
  return query.size === 0 ? "" : `?${query}`;
}
