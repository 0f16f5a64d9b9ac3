import { createHash, randomUUID } from "node:crypto";
import type { Database } from "../db.ts";

const windowMs = 60_000;
const mostAttempts = 10;

/**
 * Counts attempts to sign in to one account, from wherever they come: the limit per address alone falls to whoever
 * has many addresses or may write their own forwarding header. False means: no more in this minute.
 */
export async function mayTrySignIn(db: Database, email: string, now: Date): Promise<boolean> {
  return mayTry(db, email.toLowerCase(), now);
}

/** The same for anything else that somebody may guess at, such as the password of who is signed in. */
export async function mayTry(db: Database, what: string, now: Date): Promise<boolean> {
  const hash = createHash("sha256").update(what).digest("hex");
  const nowMs = BigInt(now.getTime());
  const expiredMs = nowMs - BigInt(windowMs);
  const [row] = await db.$queryRaw<{ count: number }[]>`
    INSERT INTO "rate_limit" ("id", "key", "count", "lastRequest")
    VALUES (${randomUUID()}, ${`account|${hash}`}, 1, ${nowMs})
    ON CONFLICT ("key") DO UPDATE SET
      "count" = CASE WHEN "rate_limit"."lastRequest" <= ${expiredMs} THEN 1 ELSE "rate_limit"."count" + 1 END,
      "lastRequest" = CASE WHEN "rate_limit"."lastRequest" <= ${expiredMs} THEN ${nowMs}
        ELSE "rate_limit"."lastRequest" END
    RETURNING "count"`;
  return row !== undefined && row.count <= mostAttempts;
}
