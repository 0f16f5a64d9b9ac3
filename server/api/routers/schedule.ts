import { z } from "zod";
import { startRunSchema } from "#common/contracts/run.ts";
import {
  scheduleDraftSchema,
  schedulePreviewSchema,
  scheduleTimesSchema,
  scheduleViewSchema,
} from "#common/contracts/schedule.ts";
import { createSchedule } from "#server/domain/schedules/create.ts";
import { getSchedule } from "#server/domain/schedules/get.ts";
import { listSchedules } from "#server/domain/schedules/list.ts";
import { previewSchedule } from "#server/domain/schedules/preview.ts";
import { removeSchedule } from "#server/domain/schedules/remove.ts";
import { runScheduleNow } from "#server/domain/schedules/run-now.ts";
import { switchSchedule } from "#server/domain/schedules/switch.ts";
import { updateSchedule } from "#server/domain/schedules/update.ts";
import { clusterProcedure, router, teamProcedure } from "../trpc.ts";

const named = z.object({ scheduleId: z.uuid() });

export const scheduleRouter = router({
  list: teamProcedure("viewer")
    .output(z.array(scheduleViewSchema))
    .query(({ ctx }) => listSchedules({ ctx: ctx.team })),

  get: teamProcedure("viewer")
    .input(named)
    .output(scheduleViewSchema)
    .query(({ ctx, input }) => getSchedule({ ctx: ctx.team, input })),

  preview: teamProcedure("viewer")
    .input(scheduleTimesSchema)
    .output(schedulePreviewSchema)
    .query(({ ctx, input }) => previewSchedule({ ctx: ctx.team, input })),

  create: clusterProcedure("operator")
    .input(scheduleDraftSchema)
    .output(named)
    .mutation(({ ctx, input }) => createSchedule({ ctx: ctx.team, input })),

  update: clusterProcedure("operator")
    .input(named.extend(scheduleDraftSchema.shape))
    .output(z.void())
    .mutation(({ ctx, input }) => updateSchedule({ ctx: ctx.team, input })),

  remove: clusterProcedure("operator")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => removeSchedule({ ctx: ctx.team, input })),

  enable: clusterProcedure("operator")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => switchSchedule({ ctx: ctx.team, input: { ...input, enabled: true } })),

  disable: clusterProcedure("operator")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => switchSchedule({ ctx: ctx.team, input: { ...input, enabled: false } })),

  runNow: clusterProcedure("operator")
    .input(named.extend(startRunSchema.pick({ idempotencyKey: true }).shape))
    .output(z.object({ runId: z.uuid() }))
    .mutation(({ ctx, input }) => runScheduleNow({ ctx: ctx.team, input })),
});
