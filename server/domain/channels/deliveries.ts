import { z } from "zod";
import { deliveryOutcomeSchema, type deliveryPageSchema } from "#common/contracts/channel.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { findChannel } from "./find-channel.ts";

const placeSchema = z.object({ id: z.uuid() });

/** A page of what was sent to a channel, or waits, newest first. The messages themselves stay where they are. */
export async function listDeliveries({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { channelId: string; cursor?: string | null; limit: number };
}): Promise<z.output<typeof deliveryPageSchema>> {
  const { id: channelId } = await findChannel(ctx, input.channelId);
  const from = decodeCursor(placeSchema, input.cursor);
  const rows = await ctx.db.delivery.findMany({
    where: { teamId: ctx.team.id, channelId, ...(from ? { id: { lt: from.id } } : {}) },
    orderBy: { id: "desc" },
    take: input.limit + 1,
    omit: { message: true },
  });
  const now = ctx.now();
  const items = rows.slice(0, input.limit).map(({ noticeIds, leaseUntil, outcome, ...row }) => ({
    ...{ id: row.id, kind: row.kind, state: row.state, attempts: row.attempts, dueAt: row.dueAt },
    ...{ attemptedAt: row.attemptedAt, endedAt: row.endedAt, createdAt: row.createdAt },
    changes: noticeIds.length,
    sending: leaseUntil !== null && leaseUntil > now,
    outcome: deliveryOutcomeSchema.nullable().parse(outcome),
  }));
  const last = rows.length > items.length ? items.at(-1) : undefined;
  return { items, next: last ? encodeCursor({ id: last.id }) : null };
}
