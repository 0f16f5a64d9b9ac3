import { z } from "zod";
import { boundSchema } from "../result.ts";

/** A number that a check measures of one target again and again. */
export const seriesNameSchema = z.object({
  name: z.string().max(300),
  subject: z.string().max(1_000).nullable(),
  /** a UCUM-like unit; the same name in another unit is another series */
  unit: z.string().max(60),
});

/** Where a series belongs. */
export const seriesPlaceSchema = z.object({
  cluster: z.string().max(100),
  checkId: z.string().max(200),
  target: z.string().max(300),
});

/** What a check has measured of a target lately. */
export const seriesListSchema = z.array(seriesNameSchema.extend({ value: z.number(), at: z.date() }));
export type SeriesList = z.infer<typeof seriesListSchema>;

/** At most this many points are drawn; where there are more values, each stands for a share of the time. */
export const mostPoints = 300;

export const seriesSchema = z.object({
  from: z.date(),
  to: z.date(),
  /** oldest first; `at` lies in the middle of what a point stands for */
  points: z.array(
    z.object({ at: z.date(), min: z.number(), avg: z.number(), max: z.number(), count: z.number().int() }),
  ),
  /** times from which there is a result and no value: nothing is drawn across them */
  gaps: z.array(z.object({ from: z.date(), to: z.date(), count: z.number().int() })),
  last: z
    .object({
      at: z.date(),
      value: z.number(),
      runId: z.uuid(),
      resultId: z.uuid(),
      warn: boundSchema.optional(),
      fail: boundSchema.optional(),
    })
    .nullable(),
});
export type Series = z.infer<typeof seriesSchema>;
