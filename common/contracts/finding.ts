import { z } from "zod";
import { findingStates } from "../finding-states.ts";
import { findingSchema, subjectSchema, verdictSchema } from "../result.ts";
import { textSchema } from "../text-schema.ts";
import { findingViewSchema } from "./run.ts";

/** What people and workers make of a finding through time; a finding within one run is in run.ts. */
const findingStateSchema = z.enum(findingStates);

const clusterNameSchema = z.object({ slug: z.string(), name: z.string(), removed: z.boolean() });
const byPersonSchema = z.object({ by: z.string(), at: z.date(), note: z.string() });

/** A row of the list. Evidence and remedies are left where they are. */
export const findingLifeSchema = z.object({
  id: z.uuid(),
  fingerprint: z.string(),
  cluster: clusterNameSchema,
  checkId: z.string(),
  code: z.string(),
  targetName: z.string(),
  verdict: verdictSchema,
  subject: subjectSchema,
  message: textSchema,
  state: findingStateSchema,
  firstSeenAt: z.date(),
  /** since when it has been there without a break */
  openedAt: z.date(),
  lastSeenAt: z.date(),
  resolvedAt: z.date().nullable(),
  /** full answers since then did not hold it, but were answers to another question */
  staleSince: z.date().nullable(),
  acknowledged: byPersonSchema.nullable(),
  muted: byPersonSchema.extend({ until: z.date() }).nullable(),
});
export type FindingLife = z.infer<typeof findingLifeSchema>;

export const findingFilterSchema = z.object({
  state: findingStateSchema.optional(),
  verdict: verdictSchema.exclude(["pass", "skip"]).optional(),
  cluster: z.string().max(80).optional(),
  check: z.string().max(200).optional(),
  runbook: z.string().max(200).optional(),
  /** part of the subject's name, the code or the message */
  text: z.string().max(100).optional(),
  /** what I acknowledged or muted */
  mine: z.boolean().optional(),
});
export type FindingFilter = z.infer<typeof findingFilterSchema>;

/** Worst first, then the newest. */
export const findingLifePageSchema = z.object({
  items: z.array(findingLifeSchema),
  next: z.string().nullable(),
});
export type FindingLifePage = z.infer<typeof findingLifePageSchema>;

/** How many there are in each state, whatever state is filtered by: what is muted is counted, and said to be. */
export const findingCountsSchema = z.object({
  open: z.number().int(),
  acknowledged: z.number().int(),
  muted: z.number().int(),
  resolved: z.number().int(),
});
export type FindingCounts = z.infer<typeof findingCountsSchema>;

export const findingEventSchema = z.object({
  id: z.string(),
  kind: z.enum([
    "opened",
    "reopened",
    "resolved",
    "worsened",
    "eased",
    "acknowledged",
    "muted",
    "unmuted",
    "commented",
  ]),
  at: z.date(),
  verdict: verdictSchema,
  previousVerdict: verdictSchema.nullable(),
  muted: z.boolean(),
  /** null: a worker, by what a run found, or the clock */
  by: z.string().nullable(),
  note: z.string().nullable(),
  until: z.date().nullable(),
  /** the run that it comes from, as long as it is kept */
  runId: z.uuid().nullable(),
});
export type FindingEventView = z.infer<typeof findingEventSchema>;

export const findingDetailSchema = findingLifeSchema.extend({
  /** newest last; at most 200 */
  events: z.array(findingEventSchema),
  /** of the last results of its check on its target those that hold it, newest first */
  seenIn: z.array(z.object({ runId: z.uuid(), at: z.date(), verdict: findingSchema.shape.verdict })),
  /** as the last result that holds it says, with evidence and remedy; null where that run was dropped */
  newest: findingViewSchema.extend({ runId: z.uuid() }).nullable(),
});
export type FindingDetail = z.infer<typeof findingDetailSchema>;

const chosen = { ids: z.array(z.uuid()).min(1).max(500) };
const why = z.string().trim().min(1).max(1_000);
export const acknowledgeSchema = z.object({ ...chosen, note: why });
export const muteSchema = z.object({ ...chosen, reason: why, until: z.date() });
export const reopenSchema = z.object(chosen);
export const settleSchema = z.object({ ...chosen, note: why });

/** An earlier life of the same kind of finding: how it ended, and what was looked at in the hour after it appeared. */
export const earlierLifeSchema = z.object({
  id: z.uuid(),
  cluster: clusterNameSchema,
  subject: subjectSchema,
  openedAt: z.date(),
  resolvedAt: z.date(),
  resolvedBy: z.string().nullable(),
  notes: z.array(z.object({ by: z.string(), at: z.date(), text: z.string() })),
  checks: z.array(z.object({ checkId: z.string(), by: z.string(), runId: z.uuid(), at: z.date() })),
});
export type EarlierLife = z.infer<typeof earlierLifeSchema>;
