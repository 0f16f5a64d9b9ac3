import { z } from "zod";
import { slugSchema } from "#common/contracts/cluster.ts";
import {
  runbookListInputSchema,
  runbookSummarySchema,
  runbookViewSchema,
} from "#common/contracts/runbook.ts";
import { defaultLocale, locales } from "#common/text.ts";
import { getRunbook } from "#server/domain/runbooks/get.ts";
import { listRunbooks } from "#server/domain/runbooks/list.ts";
import { router, teamProcedure } from "../trpc.ts";

export const runbookRouter = router({
  list: teamProcedure("viewer")
    .input(runbookListInputSchema)
    .output(z.array(runbookSummarySchema))
    .query(({ ctx, input }) => listRunbooks({ ctx: ctx.team, input })),

  get: teamProcedure("viewer")
    .input(
      z.object({
        slug: slugSchema,
        cluster: slugSchema.optional(),
        locale: z.enum(locales).default(defaultLocale),
      }),
    )
    .output(runbookViewSchema)
    .query(({ ctx, input }) => getRunbook({ ctx: ctx.team, input })),
});
