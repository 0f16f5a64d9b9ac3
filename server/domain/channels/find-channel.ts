import type { Channel } from "#generated/prisma/client.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";

/** A channel of this team. */
export async function findChannel(
  ctx: TeamContext,
  channelId: string,
  tx: DatabaseTransaction = ctx.db,
): Promise<Channel> {
  const found = await tx.channel.findFirst({ where: { id: channelId, teamId: ctx.team.id } });
  if (!found) throw new AppError("not-found", "channel-not-found");
  return found;
}
