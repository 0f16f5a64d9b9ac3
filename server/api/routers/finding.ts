import { z } from "zod";
import {
  acknowledgeSchema,
  earlierLifeSchema,
  findingCountsSchema,
  findingDetailSchema,
  findingFilterSchema,
  findingLifePageSchema,
  muteSchema,
  reopenSchema,
  settleSchema,
} from "#common/contracts/finding.ts";
import { acknowledgeFindings } from "#server/domain/findings/acknowledge.ts";
import { countLives } from "#server/domain/findings/count.ts";
import { earlierLives } from "#server/domain/findings/earlier.ts";
import { getLife } from "#server/domain/findings/get.ts";
import { listLives } from "#server/domain/findings/list.ts";
import { muteFindings } from "#server/domain/findings/mute.ts";
import { reopenFindings } from "#server/domain/findings/reopen.ts";
import { settleFindings } from "#server/domain/findings/settle.ts";
import { unmuteFindings } from "#server/domain/findings/unmute.ts";
import { clusterProcedure, router, teamProcedure } from "../trpc.ts";

const named = z.object({ id: z.uuid() });
const filtered = z.object({ filter: findingFilterSchema.default({}) });
const changed = z.object({ changed: z.number().int() });

export const findingRouter = router({
  list: teamProcedure("viewer")
    .input(
      filtered.extend({
        cursor: z.string().max(300).nullish(),
        limit: z.number().int().min(1).max(100).default(50),
      }),
    )
    .output(findingLifePageSchema)
    .query(({ ctx, input }) => listLives({ ctx: ctx.team, input })),

  counts: teamProcedure("viewer")
    .input(filtered)
    .output(findingCountsSchema)
    .query(({ ctx, input }) => countLives({ ctx: ctx.team, input })),

  get: teamProcedure("viewer")
    .input(named)
    .output(findingDetailSchema)
    .query(({ ctx, input }) => getLife({ ctx: ctx.team, input })),

  earlier: teamProcedure("viewer")
    .input(named)
    .output(z.array(earlierLifeSchema))
    .query(({ ctx, input }) => earlierLives({ ctx: ctx.team, input })),

  acknowledge: clusterProcedure("operator")
    .input(acknowledgeSchema)
    .output(changed)
    .mutation(({ ctx, input }) => acknowledgeFindings({ ctx: ctx.team, input })),

  mute: clusterProcedure("operator")
    .input(muteSchema)
    .output(changed)
    .mutation(({ ctx, input }) => muteFindings({ ctx: ctx.team, input })),

  unmute: clusterProcedure("operator")
    .input(reopenSchema)
    .output(changed)
    .mutation(({ ctx, input }) => unmuteFindings({ ctx: ctx.team, input })),

  reopen: clusterProcedure("operator")
    .input(reopenSchema)
    .output(changed)
    .mutation(({ ctx, input }) => reopenFindings({ ctx: ctx.team, input })),

  settle: clusterProcedure("operator")
    .input(settleSchema)
    .output(changed)
    .mutation(({ ctx, input }) => settleFindings({ ctx: ctx.team, input })),
});
