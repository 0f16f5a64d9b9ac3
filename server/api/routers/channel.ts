import { z } from "zod";
import {
  channelListSchema,
  createChannelSchema,
  createdChannelSchema,
  deliveryPageSchema,
  updateChannelSchema,
} from "#common/contracts/channel.ts";
import { createChannel } from "#server/domain/channels/create.ts";
import { listDeliveries } from "#server/domain/channels/deliveries.ts";
import { listChannels } from "#server/domain/channels/list.ts";
import { removeChannel } from "#server/domain/channels/remove.ts";
import { retryDelivery } from "#server/domain/channels/retry.ts";
import { rotateChannelSecret } from "#server/domain/channels/rotate-secret.ts";
import { switchChannel } from "#server/domain/channels/switch.ts";
import { testChannel } from "#server/domain/channels/test.ts";
import { updateChannel } from "#server/domain/channels/update.ts";
import { router, teamProcedure } from "../trpc.ts";

const named = z.object({ channelId: z.uuid() });

export const channelRouter = router({
  list: teamProcedure("viewer")
    .output(channelListSchema)
    .query(({ ctx }) => listChannels({ ctx: ctx.team, mail: ctx.services.mail })),

  create: teamProcedure("admin")
    .input(createChannelSchema)
    .output(createdChannelSchema)
    .mutation(({ ctx, input }) => createChannel({ ctx: ctx.team, input, mail: ctx.services.mail })),

  update: teamProcedure("admin")
    .input(updateChannelSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => updateChannel({ ctx: ctx.team, input })),

  remove: teamProcedure("admin")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => removeChannel({ ctx: ctx.team, input })),

  enable: teamProcedure("admin")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => switchChannel({ ctx: ctx.team, input: { ...input, enabled: true } })),

  disable: teamProcedure("admin")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => switchChannel({ ctx: ctx.team, input: { ...input, enabled: false } })),

  rotateSecret: teamProcedure("admin")
    .input(named)
    .output(z.object({ signingSecret: z.string() }))
    .mutation(({ ctx, input }) => rotateChannelSecret({ ctx: ctx.team, input })),

  test: teamProcedure("admin")
    .input(named)
    .output(z.object({ deliveryId: z.uuid() }))
    .mutation(({ ctx, input }) => testChannel({ ctx: ctx.team, input })),

  deliveries: teamProcedure("admin")
    .input(
      named.extend({ cursor: z.string().max(500).nullish(), limit: z.int().min(1).max(100).default(20) }),
    )
    .output(deliveryPageSchema)
    .query(({ ctx, input }) => listDeliveries({ ctx: ctx.team, input })),

  retry: teamProcedure("admin")
    .input(z.object({ deliveryId: z.uuid() }))
    .output(z.void())
    .mutation(({ ctx, input }) => retryDelivery({ ctx: ctx.team, input })),
});
