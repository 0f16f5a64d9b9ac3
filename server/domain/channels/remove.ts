import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findChannel } from "./find-channel.ts";

/** Its address, its secrets, what waits and its log go with it. */
export async function removeChannel({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { channelId: string };
}): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const { id, name, kind } = await findChannel(ctx, input.channelId, tx);
    await tx.channel.delete({ where: { id, teamId: ctx.team.id } });
    await recordAudit(tx, ctx, {
      action: "channel.removed",
      subject: { kind: "channel", id, name },
      details: { kind },
    });
  });
}
