import { z } from "zod";
import { verdictSchema } from "../result.ts";
import { textSchema } from "../text-schema.ts";
import { slugSchema } from "./cluster.ts";
import { paramValuesSchema } from "./param.ts";
import { runStatusSchema } from "./run.ts";

/** When something runs: five fields of cron in a time zone, each occurrence later by up to the jitter. */
export const scheduleTimesSchema = z.object({
  cron: z.string().trim().min(1).max(120),
  timeZone: z.string().trim().min(1).max(64),
  jitterSeconds: z.int().min(0).max(3_600).default(0),
});
export type ScheduleTimes = z.infer<typeof scheduleTimesSchema>;

/** What to do about times that went by with no worker there. */
export const missedRules = ["run_once", "skip"] as const;

const scheduledCheckSchema = z.object({ id: z.string().max(200), params: paramValuesSchema.default({}) });

/** What a form sends: a runbook's checks, or these checks, never both. */
export const scheduleDraftSchema = scheduleTimesSchema.extend({
  name: z.string().trim().min(1).max(80),
  runbook: slugSchema.nullable(),
  checks: z.array(scheduledCheckSchema).max(500).default([]),
  clusters: z.array(slugSchema).max(100),
  missedRule: z.enum(missedRules).default("run_once"),
  enabled: z.boolean().default(true),
});
export type ScheduleDraft = z.output<typeof scheduleDraftSchema>;

/** Why a schedule was switched off by itself. */
export const disabledReasons = ["no-cluster", "never-again"] as const;

/**
 * What became of the last occurrence; `missed` counts those that went by without a run since the one before.
 * `key` is that of a sentence in messages/<locale>/error.json.
 */
export const scheduleOutcomeSchema = z
  .object({ at: z.coerce.date(), occurrenceAt: z.coerce.date().nullable(), missed: z.int() })
  .and(
    z.discriminatedUnion("result", [
      z.object({ result: z.literal("started"), runId: z.uuid() }),
      z.object({
        result: z.literal("refused"),
        key: z.string(),
        values: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
      z.object({ result: z.literal("missed") }),
      z.object({ result: z.literal("disabled"), reason: z.enum(disabledReasons) }),
    ]),
  );
export type ScheduleOutcome = z.output<typeof scheduleOutcomeSchema>;

export const scheduleViewSchema = scheduleDraftSchema.omit({ clusters: true }).extend({
  id: z.uuid(),
  description: textSchema,
  /** those that were not removed */
  clusters: z.array(
    z.object({ slug: slugSchema, name: z.string(), practice: z.boolean(), production: z.boolean() }),
  ),
  disabledReason: z.enum(disabledReasons).nullable(),
  nextAt: z.date().nullable(),
  lastAt: z.date().nullable(),
  lastOutcome: scheduleOutcomeSchema.nullable(),
  lastRun: z
    .object({ id: z.uuid(), status: runStatusSchema, verdict: verdictSchema.nullable(), createdAt: z.date() })
    .nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type ScheduleView = z.infer<typeof scheduleViewSchema>;

export const schedulePreviewSchema = z.object({
  description: textSchema,
  /** the next five, by the cron alone; each runs up to the jitter later */
  times: z.array(z.date()),
});
export type SchedulePreview = z.infer<typeof schedulePreviewSchema>;
