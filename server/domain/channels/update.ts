import type { z } from "zod";
import type { updateChannelSchema } from "#common/contracts/channel.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { acceptDraft } from "./accept-draft.ts";
import { admitAddress } from "./address.ts";
import { channelDetails } from "./audit-details.ts";
import { findChannel } from "./find-channel.ts";
import { notifyNotices } from "./notify.ts";
import { storeChannelSecret } from "./store-secret.ts";

type UpdateChannel = { ctx: TeamContext; input: z.output<typeof updateChannelSchema> };

/** Replaces all that a person chose, and the address where another is given. What is held is looked at anew. */
export async function updateChannel({
  ctx,
  input: { channelId, address, ...draft },
}: UpdateChannel): Promise<void> {
  const { id, kind, name: nameBefore } = await findChannel(ctx, channelId);
  const another = address === undefined ? null : admitAddress(kind, address);
  const data = await acceptDraft(ctx, draft);
  await ctx.db.$transaction(async (tx) => {
    await tx.channel.update({
      where: { id, teamId: ctx.team.id },
      data: { ...data, ...(another ? { hint: another.hint } : {}) },
    });
    if (another)
      await storeChannelSecret(ctx, tx, { channelId: id, purpose: "address", value: another.text });
    await tx.delivery.updateMany({ where: { channelId: id, state: "held" }, data: { dueAt: ctx.now() } });
    await notifyNotices(tx);
    await recordAudit(tx, ctx, {
      action: "channel.changed",
      subject: { kind: "channel", id, name: draft.name },
      details: { nameBefore, addressChanged: another !== null, ...channelDetails(draft) },
    });
  });
}
