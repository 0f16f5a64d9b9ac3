import { z } from "zod";
import { verdictSchema } from "../result.ts";
import { findingViewSchema, runSummarySchema } from "./run.ts";

/** Two clusters, or two hosts, side by side: of one run or of two. */
export const acrossInputSchema = z.object({
  runId: z.uuid(),
  /** the run of the other side; the same one where it is left out */
  with: z.uuid().optional(),
  /** the cluster of each side by its slug; the first that fits where it is left out */
  a: z.string().max(100).optional(),
  b: z.string().max(100).optional(),
  /** one target of each side, by key: only those two are compared */
  targetA: z.string().max(300).optional(),
  targetB: z.string().max(300).optional(),
});
export type AcrossInput = z.infer<typeof acrossInputSchema>;

const sideSchema = z.object({
  run: runSummarySchema,
  cluster: z.object({ slug: z.string(), name: z.string(), production: z.boolean() }),
});
const targetSchema = z.object({
  target: z.string(),
  name: z.string(),
  resultId: z.uuid(),
  verdict: verdictSchema.nullable(),
});
export type AcrossTarget = z.infer<typeof targetSchema>;

/** Keys of messages/<locale>/across.json: why two results say nothing about each other. */
export const acrossReasons = [
  "only-a",
  "only-b",
  "not-finished",
  "different-version",
  "not-read-fully",
  "skipped",
] as const;

export const acrossCheckSchema = z.object({
  checkId: z.string(),
  a: targetSchema.nullable(),
  b: targetSchema.nullable(),
  incomparable: z.enum(acrossReasons).nullable(),
  /** parameters that differ: that alone may explain a difference */
  params: z.array(z.object({ name: z.string(), a: z.string(), b: z.string() })),
  counts: z.object({ onlyA: z.number(), onlyB: z.number(), differing: z.number(), same: z.number() }),
  /** at most 100 of each, worst first */
  onlyA: z.array(findingViewSchema),
  onlyB: z.array(findingViewSchema),
  differing: z.array(z.object({ a: findingViewSchema, b: findingViewSchema })),
  /** how many were matched by the owner of a pod, not by the pod */
  byOwner: z.number(),
  /** about a node or an address, which the other side has no counterpart of: in no count */
  unmatched: z.object({ a: z.number(), b: z.number(), sample: z.array(z.string()) }),
  measurements: z.array(
    z.object({
      name: z.string(),
      subject: z.string().nullable(),
      unit: z.string(),
      a: z.number(),
      b: z.number(),
      /** b in relation to a; null where a is zero */
      ratio: z.number().nullable(),
    }),
  ),
});
export type AcrossCheck = z.infer<typeof acrossCheckSchema>;

export const acrossSchema = z.object({
  a: sideSchema,
  b: sideSchema,
  /** at most 500 */
  checks: z.array(acrossCheckSchema),
  /** how many more there are, which were not compared */
  left: z.number().int(),
});
export type Across = z.infer<typeof acrossSchema>;

/** For each other cluster the newest ended run that asked something of what this one asks. */
export const counterpartsSchema = z.array(
  z.object({
    cluster: z.object({ slug: z.string(), name: z.string(), production: z.boolean() }),
    runId: z.uuid(),
    createdAt: z.date(),
    /** how many of this run's checks it asked */
    shared: z.number().int(),
  }),
);
export type Counterparts = z.infer<typeof counterpartsSchema>;

/** What a run's hosts say, check by check, and which of them do not say what most say. */
export const hostMatrixSchema = z.object({
  hosts: z.number().int(),
  /** how many of them differ somewhere */
  differing: z.number().int(),
  checks: z.array(
    z.object({
      checkId: z.string(),
      hosts: z.number().int(),
      majority: z.object({ verdict: verdictSchema, hosts: z.number().int() }),
      differing: z.number().int(),
    }),
  ),
  /** hosts that differ somewhere, those that differ most first; at most 200 */
  rows: z.array(
    z.object({
      cluster: z.string(),
      target: z.string(),
      name: z.string(),
      cells: z.array(
        z.object({
          checkId: z.string(),
          resultId: z.uuid(),
          verdict: verdictSchema,
          /** the verdict itself differs, or what was found for it does; null: as most say */
          differs: z.enum(["verdict", "findings"]).nullable(),
        }),
      ),
    }),
  ),
});
export type HostMatrix = z.infer<typeof hostMatrixSchema>;
