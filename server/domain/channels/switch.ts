import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findChannel } from "./find-channel.ts";
import { notifyNotices } from "./notify.ts";

type SwitchChannel = { ctx: TeamContext; input: { channelId: string; enabled: boolean } };

/** What waits when it is switched off is dropped by the worker, and says so; nothing is collected meanwhile. */
export async function switchChannel({ ctx, input }: SwitchChannel): Promise<void> {
  const { enabled } = input;
  await ctx.db.$transaction(async (tx) => {
    const { id, name, enabled: before } = await findChannel(ctx, input.channelId, tx);
    if (before === enabled) return;
    await tx.channel.update({ where: { id }, data: { enabled } });
    await tx.delivery.updateMany({ where: { channelId: id, state: "held" }, data: { dueAt: ctx.now() } });
    await notifyNotices(tx);
    await recordAudit(tx, ctx, {
      action: enabled ? "channel.switchedOn" : "channel.switchedOff",
      subject: { kind: "channel", id, name },
    });
  });
}
