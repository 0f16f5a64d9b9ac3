import { z } from "zod";
import { slugSchema } from "#common/contracts/cluster.ts";
import {
  drainNodesSchema,
  drainOrderOptionsSchema,
  drainOrderReportSchema,
  drainReportSchema,
  mostDrainNodes,
} from "#common/contracts/drain.ts";
import { drainNodes } from "#server/domain/disruption/drain-nodes.ts";
import { planDrain } from "#server/domain/disruption/plan-drain.ts";
import { simulateDrain } from "#server/domain/disruption/simulate-drain.ts";
import { router, teamProcedure } from "../trpc.ts";

export const disruptionRouter = router({
  nodes: teamProcedure("viewer")
    .input(z.object({ cluster: slugSchema }))
    .output(drainNodesSchema.nullable())
    .query(({ ctx, input }) => drainNodes({ ctx: ctx.team, input })),

  simulate: teamProcedure("viewer")
    .input(z.object({ cluster: slugSchema, nodes: z.array(z.string().max(253)).max(mostDrainNodes) }))
    .output(drainReportSchema.nullable())
    .query(({ ctx, input }) => simulateDrain({ ctx: ctx.team, input })),

  plan: teamProcedure("viewer")
    .input(drainOrderOptionsSchema.extend({ cluster: slugSchema }))
    .output(drainOrderReportSchema.nullable())
    .query(({ ctx, input }) => planDrain({ ctx: ctx.team, input })),
});
