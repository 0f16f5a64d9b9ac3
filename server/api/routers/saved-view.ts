import { z } from "zod";
import { newSavedViewSchema, savedViewChangeSchema, savedViewSchema } from "#common/contracts/history.ts";
import { listSavedViews } from "#server/domain/saved-views/list.ts";
import { removeView } from "#server/domain/saved-views/remove.ts";
import { saveView } from "#server/domain/saved-views/save.ts";
import { updateView } from "#server/domain/saved-views/update.ts";
import { router, teamProcedure } from "../trpc.ts";

const named = z.object({ viewId: z.uuid() });

export const savedViewRouter = router({
  list: teamProcedure("viewer")
    .output(z.array(savedViewSchema))
    .query(({ ctx }) => listSavedViews({ ctx: ctx.team })),

  save: teamProcedure("viewer")
    .input(newSavedViewSchema)
    .output(named)
    .mutation(({ ctx, input }) => saveView({ ctx: ctx.team, input })),

  update: teamProcedure("viewer")
    .input(savedViewChangeSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => updateView({ ctx: ctx.team, input })),

  remove: teamProcedure("viewer")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => removeView({ ctx: ctx.team, input })),
});
