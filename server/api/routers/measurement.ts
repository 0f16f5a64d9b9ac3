import { z } from "zod";
import {
  seriesListSchema,
  seriesNameSchema,
  seriesPlaceSchema,
  seriesSchema,
} from "#common/contracts/measurement.ts";
import { listMeasurements } from "#server/domain/measurements/list.ts";
import { measurementSeries } from "#server/domain/measurements/series.ts";
import { router, teamProcedure } from "../trpc.ts";

const moment = z.date().min(new Date(0)).max(new Date("9999-01-01"));

export const measurementRouter = router({
  list: teamProcedure("viewer")
    .input(seriesPlaceSchema)
    .output(seriesListSchema)
    .query(({ ctx, input }) => listMeasurements({ ctx: ctx.team, input })),

  series: teamProcedure("viewer")
    .input(
      z.object({
        ...seriesPlaceSchema.shape,
        ...seriesNameSchema.shape,
        from: moment.optional(),
        to: moment.optional(),
      }),
    )
    .output(seriesSchema)
    .query(({ ctx, input }) => measurementSeries({ ctx: ctx.team, input })),
});
