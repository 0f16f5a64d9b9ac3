/** What HTTP's caching headers say (RFC 9111, RFC 9211), and what caches beside them say of themselves. */

export type CacheRules = {
  /** why a shared cache may not keep the answer; none: it may */
  forbidden: string[];
  /** how long it may be kept; null: the server leaves that to the cache */
  freshSeconds: number | null;
};

type Headers = ReadonlyMap<string, string>;

function directives(headers: Headers): Map<string, string> {
  const parts = (headers.get("cache-control") ?? "").split(",").map((part) => part.trim());
  return new Map(
    parts.filter(Boolean).map((part) => {
      const [name = "", value = ""] = part.split("=");
      return [name.toLowerCase(), value.replaceAll('"', "")] as const;
    }),
  );
}

function seconds(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/** `set-cookie` may stand for a cookie that was sent: its value is of no interest. */
export function cacheRules(headers: Headers): CacheRules {
  const control = directives(headers);
  const forbidden = ["no-store", "private", "no-cache"].filter((name) => control.has(name));
  if (headers.get("vary")?.trim() === "*") forbidden.push("Vary: *");
  if (headers.has("set-cookie") && !control.has("public") && !control.has("s-maxage"))
    forbidden.push("Set-Cookie");
  const told = seconds(control.get("s-maxage")) ?? seconds(control.get("max-age"));
  const [expires, date] = [Date.parse(headers.get("expires") ?? ""), Date.parse(headers.get("date") ?? "")];
  const until = Number.isNaN(expires) || Number.isNaN(date) ? null : Math.max(0, (expires - date) / 1000);
  const freshSeconds = told ?? until;
  if (freshSeconds === 0 && forbidden.length === 0) forbidden.push("a lifetime of 0 s");
  return { forbidden, freshSeconds };
}

export type CacheState = "hit" | "miss" | "bypass" | "silent";

const stateHeaders = [
  "cache-status",
  "cf-cache-status",
  "x-cache-status",
  "x-cache",
  "x-cache-lookup",
  "x-proxy-cache",
];

/** What the caches on the way say they did, and by which header; a growing Age is the word of one that says nothing else. */
export function cacheState(headers: Headers): { state: CacheState; by: string } {
  for (const name of stateHeaders) {
    const value = headers.get(name);
    if (value === undefined) continue;
    const said = `${name}: ${value}`.slice(0, 200);
    if (/\bhit\b(?!\s*=\s*\?0)|\btcp_(mem_)?hit\b|\brevalidated\b|\bupdating\b|\bstale\b/i.test(value))
      return { state: "hit", by: said };
    if (/\b(bypass|dynamic|pass|uncacheable|none)\b|fwd=bypass/i.test(value))
      return { state: "bypass", by: said };
    if (/\bmiss\b|tcp_miss|\bexpired\b|fwd=/i.test(value)) return { state: "miss", by: said };
  }
  const age = seconds(headers.get("age"));
  return age !== null && age > 0 ? { state: "hit", by: `age: ${age}` } : { state: "silent", by: "" };
}

export function ageSeconds(headers: Headers): number | null {
  return seconds(headers.get("age"));
}
