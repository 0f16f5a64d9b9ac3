import { z } from "zod";
import { countsSchema, verdictSchema } from "../result.ts";
import { runSummarySchema } from "./run.ts";

/** A row of the history of results. */
export const pastResultSchema = z.object({
  id: z.uuid(),
  runId: z.uuid(),
  checkId: z.string(),
  cluster: runSummarySchema.shape.clusters.element,
  targetName: z.string(),
  verdict: verdictSchema.nullable(),
  /** findings by verdict */
  counts: countsSchema,
  requestedBy: z.string(),
  /** when its run was asked for */
  at: z.date(),
});
export type PastResult = z.infer<typeof pastResultSchema>;

export const pastResultPageSchema = z.object({
  items: z.array(pastResultSchema),
  next: z.string().nullable(),
});
export type PastResultPage = z.infer<typeof pastResultPageSchema>;

const viewFields = {
  name: z.string().trim().min(1).max(80),
  /** shown to the whole team */
  shared: z.boolean(),
};
export const newSavedViewSchema = z.object({
  ...viewFields,
  /** the filters as they stand in the address, without a question mark */
  query: z.string().max(2_000),
});
export type NewSavedView = z.infer<typeof newSavedViewSchema>;

export const savedViewChangeSchema = z.object({ viewId: z.uuid(), ...viewFields });
export type SavedViewChange = z.infer<typeof savedViewChangeSchema>;

export const savedViewSchema = newSavedViewSchema.extend({
  id: z.uuid(),
  owner: z.string(),
  /** may be renamed, shared and removed by whoever asks */
  mine: z.boolean(),
});
export type SavedView = z.infer<typeof savedViewSchema>;
