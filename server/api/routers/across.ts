import { z } from "zod";
import {
  acrossInputSchema,
  acrossSchema,
  counterpartsSchema,
  hostMatrixSchema,
} from "#common/contracts/across.ts";
import { compareAcross } from "#server/domain/runs/across.ts";
import { findCounterparts } from "#server/domain/runs/counterparts.ts";
import { readHostMatrix } from "#server/domain/runs/host-matrix.ts";
import { router, teamProcedure } from "../trpc.ts";

const named = z.object({ runId: z.uuid() });

export const acrossRouter = router({
  compare: teamProcedure("viewer")
    .input(acrossInputSchema)
    .output(acrossSchema)
    .query(({ ctx, input }) => compareAcross({ ctx: ctx.team, input })),

  counterparts: teamProcedure("viewer")
    .input(named)
    .output(counterpartsSchema)
    .query(({ ctx, input }) => findCounterparts({ ctx: ctx.team, input })),

  hosts: teamProcedure("viewer")
    .input(named)
    .output(hostMatrixSchema)
    .query(({ ctx, input }) => readHostMatrix({ ctx: ctx.team, input })),
});
