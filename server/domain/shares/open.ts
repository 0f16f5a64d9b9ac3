import type { Database, DatabaseTransaction } from "#server/db.ts";
import { recordAudit } from "../audit/record.ts";
import { hashShareToken } from "./secret.ts";

/** In a minute, of one link: a page that is loaded again and again costs the team's own work. */
export const openLimit = { most: 60, windowSeconds: 60 } as const;

export type OpenShare = {
  id: string;
  teamId: string;
  runId: string;
  withRunId: string | null;
  hideNames: boolean;
  nameKey: Uint8Array;
  expiresAt: Date;
  /** how often it was opened in this minute, this time among them */
  requests: number;
};

/**
 * The link a secret opens, counted as opened. Revoked, expired and never made are one answer, by one statement: neither
 * what it says nor how long it takes tells them apart. The database's clock decides. The
 * first time is in the audit log: each would let whoever holds a link fill it.
 */
export async function openShare(
  db: Database,
  token: string,
  { most, windowSeconds }: { most: number; windowSeconds: number } = openLimit,
): Promise<OpenShare | null> {
  return db.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<(OpenShare & { opens: bigint | number; subject: string })[]>`
    UPDATE "share_link" SET
      "lastOpenedAt" = now(),
      "opens" = "opens" + 1,
      "requests" = CASE WHEN "windowStart" > now() - make_interval(secs => ${windowSeconds})
        THEN least("requests" + 1, ${most + 1}) ELSE 1 END,
      "windowStart" = CASE WHEN "windowStart" > now() - make_interval(secs => ${windowSeconds})
        THEN "windowStart" ELSE now() END
    WHERE "tokenHash" = ${hashShareToken(token)} AND "revokedAt" IS NULL AND "expiresAt" > now()
    RETURNING "id", "teamId", "runId", "withRunId", "hideNames", "nameKey", "expiresAt", "requests",
      "opens", "subject"`;
    if (!row) return null;
    const { opens, subject: name, ...share } = row;
    if (Number(opens) === 1) await noteFirst(tx, share, name);
    return share;
  });
}

function noteFirst(tx: DatabaseTransaction, { id, teamId }: OpenShare, name: string): Promise<void> {
  const ctx = { actor: { type: "nobody" }, team: { id: teamId } } as const;
  return recordAudit(tx, ctx, { action: "share.firstOpened", subject: { kind: "share", id, name } });
}
