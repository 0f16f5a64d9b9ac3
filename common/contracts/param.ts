import { z } from "zod";
import { slugSchema } from "./cluster.ts";

/** Values of a check's parameters by name: only those somebody set. */
export const paramValuesSchema = z.record(z.string().min(1).max(100), z.unknown());
export type ParamValues = z.infer<typeof paramValuesSchema>;

/** Which values hold where: for the whole team, or for the one cluster that is named. */
export const paramPlaceSchema = z.object({ check: z.string().max(200), cluster: slugSchema.nullable() });
export type ParamPlace = z.infer<typeof paramPlaceSchema>;

/** Values that are kept for a check. `refused`: names whose values the check does not accept any more. */
export const keptParamsSchema = z.object({
  ...paramPlaceSchema.shape,
  values: paramValuesSchema,
  refused: z.array(z.string()),
  updatedBy: z.string(),
  updatedAt: z.date(),
});
export type KeptParams = z.infer<typeof keptParamsSchema>;

/** A kept value that a run left out, since the check does not accept it. */
export const ignoredParamSchema = z.object({ from: z.enum(["team", "cluster"]), name: z.string() });
export type IgnoredParam = z.infer<typeof ignoredParamSchema>;
