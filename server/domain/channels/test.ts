import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findChannel } from "./find-channel.ts";
import { notifyNotices } from "./notify.ts";

/** Has a worker send a message that says it is a test, once, also in quiet hours. One that waits already is enough. */
export async function testChannel({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { channelId: string };
}): Promise<{ deliveryId: string }> {
  return ctx.db.$transaction(async (tx) => {
    await tx.$executeRaw`
      SELECT FROM channel WHERE id = ${input.channelId}::uuid AND "teamId" = ${ctx.team.id}::uuid FOR UPDATE`;
    const { id, name } = await findChannel(ctx, input.channelId, tx);
    const waiting = await tx.delivery.findFirst({
      where: { channelId: id, kind: "test", state: "waiting" },
      select: { id: true },
    });
    const delivery =
      waiting ??
      (await tx.delivery.create({
        data: { teamId: ctx.team.id, channelId: id, kind: "test", byHand: true, dueAt: ctx.now() },
        select: { id: true },
      }));
    await notifyNotices(tx);
    await recordAudit(tx, ctx, { action: "channel.tested", subject: { kind: "channel", id, name } });
    return { deliveryId: delivery.id };
  });
}
