import type { z } from "zod";
import {
  type ChannelView,
  type channelListSchema,
  minimumVerdicts,
  quietHoursSchema,
} from "#common/contracts/channel.ts";
import { roleCovers } from "#common/role.ts";
import { defaultLocale, locales } from "#common/text.ts";
import type { Channel, DeliveryState } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";

type Last = { channelId: string; state: DeliveryState; at: Date };

/** By name. Who may not change them sees nothing of their addresses. */
export async function listChannels({
  ctx,
  mail,
}: {
  ctx: TeamContext;
  mail: boolean;
}): Promise<z.output<typeof channelListSchema>> {
  const channels = await ctx.db.channel.findMany({
    where: { teamId: ctx.team.id },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  const clusters = await ctx.db.cluster.findMany({
    where: { teamId: ctx.team.id, removedAt: null },
    select: { id: true, slug: true, name: true },
    orderBy: { name: "asc" },
  });
  const last = await ctx.db.$queryRaw<Last[]>`
    SELECT DISTINCT ON ("channelId") "channelId", state, coalesce("endedAt", "attemptedAt", "createdAt") AS at
    FROM delivery WHERE "teamId" = ${ctx.team.id}::uuid ORDER BY "channelId", id DESC`;
  const seesHints = roleCovers(ctx.role, "admin");
  const viewOf = (channel: Channel): ChannelView => {
    const own = last.find(({ channelId }) => channelId === channel.id);
    return {
      ...settingsOf(channel),
      hint: seesHints ? channel.hint : null,
      clusters:
        channel.clusterIds.length === 0
          ? null
          : clusters.flatMap(({ id, slug, name }) =>
              channel.clusterIds.includes(id) ? [{ slug, name }] : [],
            ),
      last: own ? { state: own.state, at: own.at } : null,
    };
  };
  return { channels: channels.map(viewOf), mail };
}

function settingsOf(channel: Channel) {
  const { id, name, kind, enabled, runbooks, checks, transitions, groupWaitSeconds, createdAt } = channel;
  return {
    ...{ id, name, kind, enabled, runbooks, checks, transitions, groupWaitSeconds, createdAt },
    locale: locales.find((each) => each === channel.locale) ?? defaultLocale,
    minimum: minimumVerdicts.find((each) => each === channel.minimum) ?? "warn",
    quiet: quietHoursSchema.nullable().parse(channel.quiet),
  };
}
