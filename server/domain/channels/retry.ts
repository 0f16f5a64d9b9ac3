import { Prisma } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { notifyNotices } from "./notify.ts";

/** Sends what was given up, or waits for its next try, now; it has all its attempts again and the same id. */
export async function retryDelivery({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { deliveryId: string };
}): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const found = await tx.delivery.findFirst({
      where: { id: input.deliveryId, teamId: ctx.team.id },
      include: { channel: { select: { id: true, name: true } } },
    });
    if (!found) throw new AppError("not-found", "delivery-not-found");
    const { count } = await tx.delivery.updateMany({
      // 1 and not 0: what was tried once is frozen and gathers no more.
      where: { id: found.id, state: { in: ["failed", "given_up"] }, lease: null },
      data: {
        ...{ state: "failed", attempts: 1, byHand: true, dueAt: ctx.now() },
        ...{ endedAt: null, outcome: Prisma.DbNull },
      },
    });
    if (count === 0) throw new AppError("conflict", "delivery-not-retried");
    await notifyNotices(tx);
    const { id, name } = found.channel;
    await recordAudit(tx, ctx, {
      action: "channel.deliveryRetried",
      subject: { kind: "channel", id, name },
      details: { delivery: found.id },
    });
  });
}
