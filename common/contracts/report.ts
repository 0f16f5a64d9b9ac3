import { z } from "zod";
import {
  costSchema,
  countsSchema,
  coverageSchema,
  findingSchema,
  measurementSchema,
  reasonSchema,
  verdictSchema,
} from "../result.ts";
import { textSchema } from "../text-schema.ts";

/** What one check came to on one target. */
export const reportResultSchema = z.object({
  /** the cluster's slug; absent where nothing was kept */
  cluster: z.string().optional(),
  check: z.string(),
  version: z.number().int(),
  title: textSchema,
  target: z.string(),
  params: z.record(z.string(), z.unknown()),
  verdict: verdictSchema,
  reason: reasonSchema.nullable(),
  counts: countsSchema,
  coverage: z.array(coverageSchema),
  cost: costSchema.nullable(),
  findings: z.array(findingSchema.extend({ fingerprint: z.string() })),
  measurements: z.array(measurementSchema),
});
export type ReportResult = z.infer<typeof reportResultSchema>;

/** What a run came to, wherever it was carried out: what `weekbook run --json` prints and an export as JSON holds. */
export const reportSchema = z.object({
  /** the cluster's or the machine's name; of several the names with commas between */
  cluster: z.string(),
  /** of a run that was kept */
  runId: z.string().nullable(),
  runbook: z.string().nullable(),
  /** the person, key or schedule that a kept run was asked for by */
  requestedBy: z.string().nullish(),
  verdict: verdictSchema,
  /** results by verdict */
  counts: countsSchema,
  cost: costSchema.nullable(),
  startedAt: z.string(),
  endedAt: z.string(),
  /** why the run as a whole could not be carried out */
  error: z.string().nullable(),
  results: z.array(reportResultSchema),
});
export type Report = z.infer<typeof reportSchema>;
