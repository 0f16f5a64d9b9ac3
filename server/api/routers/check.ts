import { z } from "zod";
import { slugSchema } from "#common/contracts/cluster.ts";
import { checkViewSchema, expectedCostSchema } from "#common/contracts/runbook.ts";
import { checkTrendSchema } from "#common/contracts/trend.ts";
import { expectedCost } from "#server/domain/checks/expected-cost.ts";
import { listChecks } from "#server/domain/checks/list.ts";
import { readTrend } from "#server/domain/checks/trend.ts";
import { libraryOf } from "#server/domain/team-runbooks/library-of.ts";
import { router, teamProcedure } from "../trpc.ts";

export const checkRouter = router({
  list: teamProcedure("viewer")
    .output(z.array(checkViewSchema))
    .query(async ({ ctx }) => listChecks({ library: await libraryOf(ctx.team, ctx.team.team.id) })),

  expectedCost: teamProcedure("viewer")
    .input(z.object({ cluster: slugSchema, check: z.string().max(200) }))
    .output(expectedCostSchema.nullable())
    .query(({ ctx, input }) => expectedCost({ ctx: ctx.team, input })),

  trend: teamProcedure("viewer")
    .input(z.object({ cluster: slugSchema, check: z.string().max(200) }))
    .output(checkTrendSchema)
    .query(({ ctx, input }) => readTrend({ ctx: ctx.team, input })),
});
