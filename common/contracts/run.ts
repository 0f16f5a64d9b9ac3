import { z } from "zod";
import { pictureSchema } from "../picture.ts";
import {
  costSchema,
  countsSchema,
  coverageSchema,
  findingSchema,
  measurementSchema,
  phaseSchema,
  progressSchema,
  reasonSchema,
  verdictSchema,
} from "../result.ts";
import { ignoredParamSchema } from "./param.ts";

export const runStatusSchema = z.enum(["queued", "running", "done", "cancelled", "failed"]);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const startRunSchema = z.object({
  clusters: z.array(z.string()).min(1).max(100),
  /** the runbook it was started from, if any */
  runbook: z.string().nullable(),
  checks: z
    .array(
      z.object({
        id: z.string(),
        params: z.record(z.string(), z.unknown()).default({}),
        document: z
          .string()
          .max(1 << 20)
          .optional(),
      }),
    )
    .min(1)
    .max(500),
  /** active checks (they change or load something), each target of each agreed to once more; nothing else is touched */
  confirmActive: z
    .array(z.object({ check: z.string(), cluster: z.string(), target: z.string().min(1).max(300) }))
    .max(100)
    .default([]),
  /** made by the client once per click: the same key gives the same run */
  idempotencyKey: z.string().min(8).max(128),
});

/** kept parameters that were left out, since the check does not accept them any more */
const leftOut = { ignored: z.array(ignoredParamSchema).optional() };

/**
 * Judges what a run, or one of its results, left behind again; `params` by check, on top of those it had. `past`: that
 * result and those before it of the same check and target, this many together.
 */
export const judgeAgainSchema = z
  .object({
    runId: z.uuid(),
    resultId: z.uuid().optional(),
    past: z.number().int().min(2).max(50).optional(),
    params: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  })
  .refine(({ past, resultId }) => past === undefined || resultId !== undefined);

/** What results said when they were measured, and what they say judged again; oldest first. */
export const judgementsSchema = z.array(
  z.object({
    resultId: z.uuid(),
    checkId: z.string(),
    name: z.string(),
    observedAt: z.date().nullable(),
    original: z.object({ runId: z.uuid(), resultId: z.uuid() }),
    before: verdictSchema.nullable(),
    after: verdictSchema.nullable(),
  }),
);
export type Judgements = z.infer<typeof judgementsSchema>;

/** What Run.selection holds: the checks with parsed parameters. The worker makes the results, one per check and target. */
export const runSelectionSchema = z.array(
  z.object({
    id: z.string(),
    params: z.record(z.string(), z.unknown()),
    document: z.string().optional(),
    /** of an active check: the targets that were agreed to, each by the id of its cluster and its key */
    confirmed: z.array(z.object({ cluster: z.string(), target: z.string() })).optional(),
    ...leftOut,
    /** by the id of a cluster: where a cluster's own parameters make a difference */
    on: z.record(z.string(), z.object({ params: z.record(z.string(), z.unknown()), ...leftOut })).optional(),
  }),
);
export type RunSelection = z.infer<typeof runSelectionSchema>;

/** A result without its findings: lists never load those. */
export const resultViewSchema = z.object({
  id: z.uuid(),
  /** the slug of its cluster */
  cluster: z.string(),
  /** its place among the run's results: first by part, then by ordinal */
  part: z.number().int(),
  ordinal: z.number().int(),
  checkId: z.string(),
  checkVersion: z.number().int(),
  target: z.string(),
  targetName: z.string(),
  params: z.record(z.string(), z.unknown()),
  phase: phaseSchema,
  progress: progressSchema.nullable(),
  verdict: verdictSchema.nullable(),
  reason: reasonSchema.nullable(),
  counts: countsSchema,
  coverage: z.array(coverageSchema),
  cost: costSchema.nullable(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  /** whose facts were judged, where they are not its own: another run's, read at `observedAt` */
  facts: z.object({ runId: z.uuid(), resultId: z.uuid(), observedAt: z.date().nullable() }).nullish(),
  seq: z.number().int(),
});
export type ResultView = z.infer<typeof resultViewSchema>;

const runClusterSchema = z.object({
  slug: z.string(),
  name: z.string(),
  practice: z.boolean(),
  production: z.boolean(),
});
export type RunCluster = z.infer<typeof runClusterSchema>;

/** What one check came to on all targets of one cluster: `total` results, `verdicts` of those that are done. */
export const resultGroupSchema = z.object({
  cluster: z.string(),
  checkId: z.string(),
  total: z.number().int(),
  verdicts: countsSchema,
});
export type ResultGroup = z.infer<typeof resultGroupSchema>;

/** `total` results: all of them in `results`, or where they are too many their sums in `groups`. */
const resultsOfRun = {
  total: z.number().int(),
  groups: z.array(resultGroupSchema),
};

/** The packets that a capture kept, for whoever may run one. */
export const captureFileSchema = z.object({ fileName: z.string(), base64: z.string() });
export type CaptureFile = z.infer<typeof captureFileSchema>;

/** A row of the history. */
export const runSummarySchema = z.object({
  id: z.uuid(),
  /** in the order they were chosen; at least one */
  clusters: z.array(runClusterSchema),
  runbook: z.string().nullable(),
  /** ids of the checks that were asked for */
  checks: z.array(z.string()),
  requestedBy: z.string(),
  /** the run whose facts this one judges again */
  judgedFrom: z.uuid().nullish(),
  /** the schedule that asked for it, which may be gone */
  scheduleId: z.uuid().nullish(),
  status: runStatusSchema,
  verdict: verdictSchema.nullable(),
  /** results by verdict, of those done so far */
  counts: countsSchema,
  cost: costSchema.nullable(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runViewSchema = runSummarySchema.extend({
  cancelRequested: z.boolean(),
  error: z.string().nullable(),
  /** kept parameters that were left out, since their check does not accept them any more */
  ignored: z.array(ignoredParamSchema.extend({ checkId: z.string() })).default([]),
  /** the newest change this view holds; a stream resumes from it */
  seq: z.number().int(),
  ...resultsOfRun,
  results: z.array(resultViewSchema),
});
export type RunView = z.infer<typeof runViewSchema>;

/** One message of the live stream: the run's own state and the results that changed since the last message. */
export const runUpdateSchema = z.object({
  seq: z.number().int(),
  status: runStatusSchema,
  verdict: verdictSchema.nullable(),
  counts: countsSchema,
  cost: costSchema.nullable(),
  cancelRequested: z.boolean(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  ...resultsOfRun,
  changed: z.array(resultViewSchema),
});
export type RunUpdate = z.infer<typeof runUpdateSchema>;

export const findingViewSchema = findingSchema.extend({
  /** "<resultId>.<ordinal>", the finding's permanent address within its run */
  id: z.string(),
  resultId: z.uuid(),
  checkId: z.string(),
  fingerprint: z.string(),
  /** what it is by now, at its own address; null where it has no life, as in a judgement of pasted text */
  life: z.object({ id: z.uuid(), state: z.enum(["open", "acknowledged", "muted", "resolved"]) }).nullish(),
});
export type FindingView = z.infer<typeof findingViewSchema>;

/** Results of one check on one cluster: those under way first, then worst first. */
export const resultPageSchema = z.object({ items: z.array(resultViewSchema), next: z.string().nullable() });
export type ResultPage = z.infer<typeof resultPageSchema>;

/** Worst first, then by ordinal. */
export const findingPageSchema = z.object({ items: z.array(findingViewSchema), next: z.string().nullable() });
export type FindingPage = z.infer<typeof findingPageSchema>;

export const resultDetailSchema = resultViewSchema.extend({
  measurements: z.array(measurementSchema),
  pictures: z.array(pictureSchema),
});
export type ResultDetail = z.infer<typeof resultDetailSchema>;

export const runFilterSchema = z.object({
  /** runs that include this cluster, whatever others */
  cluster: z.string().optional(),
  runbook: z.string().optional(),
  check: z.string().optional(),
  /** of the run, or in a list of results of each result */
  verdict: verdictSchema.optional(),
  /** a member's id, or a part of the name that a run was asked for under */
  person: z.string().max(200).optional(),
  from: z.date().min(new Date(0)).optional(),
  to: z.date().min(new Date(0)).optional(),
  /** words that findings begin with, or titles of checks: all of them in one result */
  text: z.string().max(200).optional(),
});
export type RunFilter = z.infer<typeof runFilterSchema>;

export const runPageSchema = z.object({ items: z.array(runSummarySchema), next: z.string().nullable() });
export type RunPage = z.infer<typeof runPageSchema>;

/**
 * Two runs side by side, by fingerprint. `incomparable`: the check was not read fully in one of them, or its version
 * or parameters differ; `why` is a key in messages/<locale>/compare.json.
 */
export const comparisonSchema = z.object({
  before: runSummarySchema.nullable(),
  after: runSummarySchema,
  checks: z.array(
    z.object({
      /** the slug of its cluster */
      cluster: z.string(),
      checkId: z.string(),
      target: z.string(),
      before: verdictSchema.nullable(),
      after: verdictSchema.nullable(),
      incomparable: z.string().nullable(),
      counts: z.object({ new: z.number(), fixed: z.number(), changed: z.number(), same: z.number() }),
      /** at most 200 of each, worst first */
      new: z.array(findingViewSchema),
      fixed: z.array(findingViewSchema),
      changed: z.array(z.object({ before: findingViewSchema, after: findingViewSchema })),
      same: z.array(findingViewSchema),
    }),
  ),
});
export type Comparison = z.infer<typeof comparisonSchema>;
