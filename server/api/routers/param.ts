import { z } from "zod";
import { slugSchema } from "#common/contracts/cluster.ts";
import { keptParamsSchema, paramPlaceSchema, paramValuesSchema } from "#common/contracts/param.ts";
import { getParams } from "#server/domain/params/get.ts";
import { resetParams } from "#server/domain/params/reset.ts";
import { setParams } from "#server/domain/params/set.ts";
import { clusterProcedure, router, teamProcedure } from "../trpc.ts";

const name = z.string().min(1).max(100);

export const paramRouter = router({
  get: teamProcedure("viewer")
    .input(
      z.object({
        checks: z.array(z.string().max(200)).max(1_000).optional(),
        cluster: slugSchema.optional(),
      }),
    )
    .output(z.array(keptParamsSchema))
    .query(({ ctx, input }) => getParams({ ctx: ctx.team, input })),

  set: clusterProcedure("admin")
    .input(paramPlaceSchema.extend({ values: paramValuesSchema }))
    .output(z.void())
    .mutation(({ ctx, input }) => setParams({ ctx: ctx.team, input })),

  reset: clusterProcedure("admin")
    .input(paramPlaceSchema.extend({ names: z.array(name).max(100).optional() }))
    .output(z.void())
    .mutation(({ ctx, input }) => resetParams({ ctx: ctx.team, input })),
});
