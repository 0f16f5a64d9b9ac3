import { z } from "zod";
import { inboxSchema } from "#common/contracts/inbox.ts";
import { markInboxSeen } from "#server/domain/inbox/mark.ts";
import { readInbox } from "#server/domain/inbox/read.ts";
import { router, teamProcedure } from "../trpc.ts";

export const inboxRouter = router({
  read: teamProcedure("viewer")
    .output(inboxSchema)
    .query(({ ctx }) => readInbox({ ctx: ctx.team })),

  markSeen: teamProcedure("viewer")
    .input(z.object({ until: z.date() }))
    .output(z.void())
    .mutation(({ ctx, input }) => markInboxSeen({ ctx: ctx.team, input })),
});
