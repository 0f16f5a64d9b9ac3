import type { AuditFilter } from "#common/contracts/audit.ts";
import type { TeamContext } from "../context.ts";
import { canonicalJson } from "./event-hash.ts";
import { auditWhere } from "./filter.ts";
import { recordAudit } from "./record.ts";
import { hashedOf } from "./verify-chain.ts";

const pageSize = 500;

/**
 * The log as a file, an event of the log itself: that is there before the first line is read, and so among them where
 * the filter lets it through.
 */
export async function exportAudit({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { filter: AuditFilter };
}): Promise<AsyncGenerator<string, void>> {
  const given = Object.entries(input.filter).flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
  const subject = { kind: "auditLog", id: ctx.team.id, name: ctx.team.slug } as const;
  await ctx.db.$transaction((tx) =>
    recordAudit(tx, ctx, { action: "auditLog.exported", subject, details: { filter: given } }),
  );
  return readLines(ctx, input.filter);
}

/**
 * The events a filter lets through, oldest first, a line of JSON each: the hashed event, the hash before and its own,
 * so that each can be checked without Weekbook. Read page by page: an export is never in memory as a whole.
 */
async function* readLines(ctx: TeamContext, filter: AuditFilter): AsyncGenerator<string, void> {
  const where = await auditWhere(ctx, filter);
  let after = 0n;
  for (;;) {
    const events = await ctx.db.auditEvent.findMany({
      where: { AND: [where, { sequence: { gt: after } }] },
      orderBy: { sequence: "asc" },
      take: pageSize,
    });
    if (events.length === 0) return;
    yield events
      .map((event) => {
        const { previousHash, hash } = event;
        return `${canonicalJson({ event: hashedOf(event), previousHash, hash })}\n`;
      })
      .join("");
    after = events.at(-1)?.sequence ?? after;
    if (events.length < pageSize) return;
  }
}
