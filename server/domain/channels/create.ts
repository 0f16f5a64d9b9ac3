import type { z } from "zod";
import type { createChannelSchema, createdChannelSchema } from "#common/contracts/channel.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { acceptDraft } from "./accept-draft.ts";
import { admitAddress } from "./address.ts";
import { channelDetails } from "./audit-details.ts";
import { newSigningSecret } from "./signing-secret.ts";
import { storeChannelSecret } from "./store-secret.ts";

const mostPerTeam = 50;

type CreateChannel = {
  ctx: TeamContext;
  input: z.output<typeof createChannelSchema>;
  /** whether this installation has a mail server */
  mail: boolean;
};

/** A channel and, for a signed webhook, the secret it signs with, which is returned this once. */
export async function createChannel({
  ctx,
  input: { kind, address, ...draft },
  mail,
}: CreateChannel): Promise<z.output<typeof createdChannelSchema>> {
  if (kind === "email" && !mail) {
    throw new AppError("invalid", "invalid", { fields: { kind: "channel-no-mail" } });
  }
  const { text, hint } = admitAddress(kind, address);
  const data = await acceptDraft(ctx, draft);
  const signingSecret = kind === "webhook" ? newSigningSecret() : null;
  const channelId = await ctx.db.$transaction(async (tx) => {
    if ((await tx.channel.count({ where: { teamId: ctx.team.id } })) >= mostPerTeam) {
      throw new AppError("too-many", "channel-too-many", { values: { most: mostPerTeam } });
    }
    const { id } = await tx.channel.create({ data: { ...data, teamId: ctx.team.id, kind, hint } });
    await storeChannelSecret(ctx, tx, { channelId: id, purpose: "address", value: text });
    if (signingSecret !== null) {
      await storeChannelSecret(ctx, tx, { channelId: id, purpose: "signing", value: signingSecret });
    }
    await recordAudit(tx, ctx, {
      action: "channel.added",
      subject: { kind: "channel", id, name: draft.name },
      details: { kind, ...channelDetails(draft) },
    });
    return id;
  });
  return { channelId, signingSecret };
}
