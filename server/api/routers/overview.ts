import { z } from "zod";
import { overviewSchema } from "#common/contracts/runbook.ts";
import { defaultLocale, locales } from "#common/text.ts";
import { getOverview } from "#server/domain/overview/get.ts";
import { router, teamProcedure } from "../trpc.ts";

export const overviewRouter = router({
  get: teamProcedure("viewer")
    .input(z.object({ locale: z.enum(locales).default(defaultLocale) }))
    .output(overviewSchema)
    .query(({ ctx, input }) => getOverview({ ctx: ctx.team, input })),
});
