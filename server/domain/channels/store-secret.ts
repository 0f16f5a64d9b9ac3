import type { DatabaseTransaction } from "#server/db.ts";
import type { TeamContext } from "../context.ts";

/** How long a signing secret that was replaced goes on signing beside the new one. */
export const overlapMs = 24 * 3_600_000;

type Sealed = { channelId: string; purpose: "address" | "signing"; value: string };

/** Seals it in place of what was there. A signing secret that is replaced ends a day later, an older one at once. */
export async function storeChannelSecret(
  ctx: TeamContext,
  tx: DatabaseTransaction,
  { channelId, purpose, value }: Sealed,
): Promise<void> {
  const where = { channelId, teamId: ctx.team.id, purpose };
  if (purpose === "signing") {
    await tx.channelSecret.deleteMany({ where: { ...where, endsAt: { not: null } } });
    const endsAt = new Date(ctx.now().getTime() + overlapMs);
    await tx.channelSecret.updateMany({ where, data: { endsAt } });
  } else await tx.channelSecret.deleteMany({ where });
  const sealed = await ctx.vault.seal({ teamId: ctx.team.id, connectionId: channelId }, { [purpose]: value });
  await tx.channelSecret.create({ data: { ...where, ...sealed } });
}
