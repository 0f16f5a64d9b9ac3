import { z } from "zod";
import {
  type AuditEventView,
  type AuditFilter,
  type AuditPage,
  auditEventSchema,
} from "#common/contracts/audit.ts";
import type { AuditEvent } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { auditWhere } from "./filter.ts";

const placeSchema = z.object({ before: z.int().min(1) });

type ListAudit = {
  ctx: TeamContext;
  input: { filter: AuditFilter; cursor?: string | null; limit: number };
};

/** What was done, the newest first. */
export async function listAudit({ ctx, input }: ListAudit): Promise<AuditPage> {
  const from = decodeCursor(placeSchema, input.cursor);
  const where = await auditWhere(ctx, input.filter);
  const rows = await ctx.db.auditEvent.findMany({
    where: { AND: [where, from ? { sequence: { lt: from.before } } : {}] },
    orderBy: { sequence: "desc" },
    take: input.limit + 1,
  });
  const items = rows.slice(0, input.limit).map(toView);
  const last = items.at(-1);
  return {
    items,
    next: rows.length > items.length && last ? encodeCursor({ before: last.sequence }) : null,
  };
}

function toView(event: AuditEvent): AuditEventView {
  return {
    sequence: Number(event.sequence),
    at: event.at,
    actor: { kind: event.actorKind, id: event.actorId, name: event.actorName },
    action: event.action,
    subject: { kind: event.subjectKind, id: event.subjectId, name: event.subjectName },
    details: auditEventSchema.shape.details.parse(event.details),
    hash: event.hash,
  };
}
