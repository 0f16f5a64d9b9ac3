import { z } from "zod";
import { verdictSchema } from "../result.ts";
import { locales } from "../text.ts";
import { slugSchema } from "./cluster.ts";
import { runStatusSchema, startRunSchema } from "./run.ts";
import { articleNodeSchema } from "./runbook.ts";

export const startSessionSchema = z.object({
  runbook: slugSchema,
  cluster: slugSchema,
  title: z.string().trim().min(1).max(120),
  /** of the text that is walked */
  locale: z.enum(locales),
});

/** Chosen checks as the runbook's page asks for them; without any, those that run by themselves. */
export const sessionRunSchema = startRunSchema
  .pick({ confirmActive: true, idempotencyKey: true })
  .extend({ checks: startRunSchema.shape.checks.optional() });

export const sessionNoteSchema = z.object({ text: z.string().trim().min(1).max(4_000) });
export const closeSessionSchema = z.object({
  /** what was found and done, in people's own words */
  found: z.string().trim().max(8_000),
  openPoints: z.string().trim().max(8_000),
});

/** `section`: the id of the section it stands in. */
export const sessionStepSchema = z.object({ step: z.int(), section: z.string(), text: z.string() });
export type SessionStep = z.infer<typeof sessionStepSchema>;

const sessionSummarySchema = z.object({
  id: z.uuid(),
  title: z.string(),
  runbook: z.string(),
  cluster: z.object({ slug: z.string(), name: z.string(), production: z.boolean(), removed: z.boolean() }),
  startedBy: z.string(),
  createdAt: z.date(),
  closedAt: z.date().nullable(),
  closedBy: z.string().nullable(),
});

export const sessionListItemSchema = sessionSummarySchema.extend({ done: z.int(), steps: z.int() });
export type SessionListItem = z.infer<typeof sessionListItemSchema>;
export const sessionPageSchema = z.object({
  items: z.array(sessionListItemSchema),
  next: z.string().nullable(),
});

/** All that changes while people walk; small enough to be sent whole with every change. */
export const sessionStateSchema = sessionSummarySchema.extend({
  seq: z.int(),
  ticks: z.array(z.object({ step: z.int(), by: z.string(), at: z.date() })),
  notes: z.array(z.object({ id: z.uuid(), text: z.string(), by: z.string(), at: z.date() })),
  runs: z.array(
    z.object({
      id: z.uuid(),
      status: runStatusSchema,
      verdict: verdictSchema.nullable(),
      counts: z.record(z.string(), z.unknown()),
      requestedBy: z.string(),
      createdAt: z.date(),
      /** `params`: "name: value" of what is not the check's own default; `agreed`: an active one, agreed to */
      checks: z.array(z.object({ id: z.string(), params: z.array(z.string()), agreed: z.boolean() })),
    }),
  ),
  present: z.array(z.string()),
  found: z.string(),
  openPoints: z.string(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

export const sessionViewSchema = z.object({
  state: sessionStateSchema,
  steps: z.array(sessionStepSchema),
  /** top-level nodes; a node `tick` { step } holds what can be ticked */
  article: z.array(articleNodeSchema),
});
export type SessionView = z.infer<typeof sessionViewSchema>;
