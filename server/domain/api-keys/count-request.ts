import type { Database } from "#server/db.ts";

export type RequestAllowance = {
  allowed: boolean;
  limit: number;
  /** how many more in this window */
  remaining: number;
  /** until the next window begins */
  resetSeconds: number;
};

export const requestLimit = { most: 300, windowSeconds: 60 } as const;

/**
 * Counts a request of a key in windows of a minute, in the key's own row: all web processes count together, by the
 * database's clock, and two at the same moment are two. Also says when the key was last used.
 */
export async function countRequest(
  db: Database,
  keyId: string,
  { most, windowSeconds }: { most: number; windowSeconds: number } = requestLimit,
): Promise<RequestAllowance> {
  const [row] = await db.$queryRaw<{ requests: number; ageSeconds: number }[]>`
    UPDATE "api_key" SET
      "lastUsedAt" = now(),
      "requests" = CASE WHEN "windowStart" > now() - make_interval(secs => ${windowSeconds})
        THEN least("requests" + 1, ${most + 1}) ELSE 1 END,
      "windowStart" = CASE WHEN "windowStart" > now() - make_interval(secs => ${windowSeconds})
        THEN "windowStart" ELSE now() END
    WHERE "id" = ${keyId}::uuid
    RETURNING "requests", extract(epoch FROM now() - "windowStart")::float8 AS "ageSeconds"`;
  const requests = row?.requests ?? most + 1;
  return {
    allowed: requests <= most,
    limit: most,
    remaining: Math.max(0, most - requests),
    resetSeconds: Math.max(1, Math.ceil(windowSeconds - Math.max(0, row?.ageSeconds ?? 0))),
  };
}
