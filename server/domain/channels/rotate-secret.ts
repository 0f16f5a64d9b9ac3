import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findChannel } from "./find-channel.ts";
import { newSigningSecret } from "./signing-secret.ts";
import { storeChannelSecret } from "./store-secret.ts";

/** Another signing secret, returned this once. The one before signs beside it for a day. */
export async function rotateChannelSecret({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { channelId: string };
}): Promise<{ signingSecret: string }> {
  const signingSecret = newSigningSecret();
  await ctx.db.$transaction(async (tx) => {
    const { id, name, kind } = await findChannel(ctx, input.channelId, tx);
    if (kind !== "webhook") throw new AppError("conflict", "channel-not-signed");
    await storeChannelSecret(ctx, tx, { channelId: id, purpose: "signing", value: signingSecret });
    await recordAudit(tx, ctx, {
      action: "channel.secretRotated",
      subject: { kind: "channel", id, name },
    });
  });
  return { signingSecret };
}
