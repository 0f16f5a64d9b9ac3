import type { FindingLife } from "#common/contracts/finding.ts";
import { subjectSchema } from "#common/result.ts";
import { textSchema } from "#common/text-schema.ts";
import type { FindingState, FindingStatus } from "#generated/prisma/client.ts";
import { Prisma } from "#generated/prisma/client.ts";
import { stateNow } from "./filter.ts";

export type LifeRow = FindingState & {
  now: FindingStatus;
  clusterSlug: string;
  clusterName: string;
  clusterRemoved: boolean;
};

/** Columns of findings `s` on clusters `c`, as `toLife` reads them. */
export const lifeColumns = Prisma.sql`s.*, ${stateNow} AS now, c.slug AS "clusterSlug", c.name AS "clusterName",
  c."removedAt" IS NOT NULL AS "clusterRemoved"`;

/** A row as pages see it. */
export function toLife(row: LifeRow): FindingLife {
  return {
    ...{ id: row.id, fingerprint: row.fingerprint, checkId: row.checkId, code: row.code },
    cluster: { slug: row.clusterSlug, name: row.clusterName, removed: row.clusterRemoved },
    ...{ targetName: row.targetName, verdict: row.verdict, state: row.now },
    subject: subjectSchema.parse(row.subject),
    message: textSchema.parse(row.message),
    ...{ firstSeenAt: row.firstSeenAt, openedAt: row.openedAt, lastSeenAt: row.lastSeenAt },
    ...{ resolvedAt: row.resolvedAt, staleSince: row.staleSince },
    acknowledged:
      row.ackAt && row.now === "acknowledged"
        ? { by: row.ackBy ?? "", at: row.ackAt, note: row.ackNote ?? "" }
        : null,
    muted:
      row.mutedAt && row.mutedUntil && row.now === "muted"
        ? { by: row.muteBy ?? "", at: row.mutedAt, note: row.muteReason ?? "", until: row.mutedUntil }
        : null,
  };
}
