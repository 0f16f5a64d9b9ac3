import { z } from "zod";
import { createdShareSchema, createShareSchema, sharePageSchema } from "#common/contracts/share.ts";
import { createShare } from "#server/domain/shares/create.ts";
import { listShares } from "#server/domain/shares/list.ts";
import { revokeShare } from "#server/domain/shares/revoke.ts";
import { clusterProcedure, router, teamProcedure } from "../trpc.ts";

export const shareRouter = router({
  list: teamProcedure("viewer")
    .input(z.object({ runId: z.uuid().optional(), cursor: z.string().max(500).nullish() }))
    .output(sharePageSchema)
    .query(({ ctx, input }) => listShares({ ctx: ctx.team, input })),

  create: clusterProcedure("operator")
    .input(createShareSchema)
    .output(createdShareSchema)
    .mutation(async ({ ctx, input }) => {
      const { id, token } = await createShare({ ctx: ctx.team, input });
      return { id, url: new URL(`/share/${token}`, ctx.services.publicUrl).href };
    }),

  revoke: teamProcedure("viewer")
    .input(z.object({ shareId: z.uuid() }))
    .output(z.void())
    .mutation(({ ctx, input }) => revokeShare({ ctx: ctx.team, input })),
});
