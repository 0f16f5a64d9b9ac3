import { z } from "zod";
import { reasonCodes } from "../result.ts";
import { locales } from "../text.ts";
import { slugSchema } from "./cluster.ts";

export const channelKinds = ["slack", "webhook", "email"] as const;
export type ChannelKind = (typeof channelKinds)[number];

/**
 * What can be told. The first five are of findings; `not_run`: a schedule's run was not made or failed; `unreadable` and
 * `readable`: a check's verdict went to `unknown`, or came back from it.
 */
export const transitions = [
  ...(["opened", "reopened", "worsened", "eased", "resolved"] as const),
  ...(["not_run", "unreadable", "readable"] as const),
] as const;
export const transitionSchema = z.enum(transitions);
export type Transition = (typeof transitions)[number];

/** A finding milder than this is not told; worst last, as everywhere. */
export const minimumVerdicts = ["warn", "unknown", "fail"] as const;

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

/** Begins at `from` on each of the days (0 is Sunday) by the clocks of the zone, and ends at the next `to`. */
export const quietHoursSchema = z.object({
  timeZone: z.string().trim().min(1).max(64),
  days: z.array(z.int().min(0).max(6)).min(1).max(7),
  from: timeOfDay,
  to: timeOfDay,
  /** a message with a finding that fails now is sent all the same */
  failBreaksThrough: z.boolean(),
});
export type QuietHours = z.output<typeof quietHoursSchema>;

/** What a form sends. Clusters null: all of them, also later ones; no runbook and no check: whatever is found. */
export const channelDraftSchema = z.object({
  name: z.string().trim().min(1).max(80),
  enabled: z.boolean().default(true),
  locale: z.enum(locales),
  clusters: z.array(slugSchema).min(1).max(100).nullable(),
  runbooks: z.array(slugSchema).max(200).default([]),
  checks: z.array(z.string().max(200)).max(500).default([]),
  minimum: z.enum(minimumVerdicts).default("warn"),
  transitions: z.array(transitionSchema).min(1).max(transitions.length),
  quiet: quietHoursSchema.nullable().default(null),
  groupWaitSeconds: z.int().min(0).max(900).default(30),
});
export type ChannelDraft = z.output<typeof channelDraftSchema>;

/** The URL of a webhook, or the recipients of e-mail, separated by commas or lines. Write-only. */
const addressSchema = z.string().trim().min(1).max(4_096);

export const createChannelSchema = channelDraftSchema.extend({
  kind: z.enum(channelKinds),
  address: addressSchema,
});
export const updateChannelSchema = channelDraftSchema.extend({
  channelId: z.uuid(),
  /** another one; where left out, it stays */
  address: addressSchema.optional(),
});

/** Shown this once; null for what is not signed. */
export const createdChannelSchema = z.object({ channelId: z.uuid(), signingSecret: z.string().nullable() });

export const deliveryStates = ["waiting", "held", "failed", "delivered", "given_up", "dropped"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** What came of the last attempt, or why there was none. Everything of the far end is redacted. */
export const deliveryOutcomeSchema = z.object({
  /** as HTTP or SMTP give it */
  status: z.int().nullable(),
  /** the first of what the far end said */
  answer: z.string(),
  reason: z.object({ code: z.enum(reasonCodes), what: z.string(), detail: z.string().optional() }).nullable(),
  /** why it is not tried again: the far end refuses it for good, or the attempts are used up */
  ended: z.enum(["refused", "exhausted", "switched-off", "nothing-left"]).nullable(),
  /** recipients that were refused while others took it */
  refused: z.int().default(0),
});
export type DeliveryOutcome = z.output<typeof deliveryOutcomeSchema>;

export const channelViewSchema = channelDraftSchema.omit({ clusters: true }).extend({
  id: z.uuid(),
  kind: z.enum(channelKinds),
  /** of the address no more than tells it from others; null for whoever may not change it */
  hint: z.string().nullable(),
  /** those chosen that were not removed since */
  clusters: z.array(z.object({ slug: slugSchema, name: z.string() })).nullable(),
  last: z.object({ state: z.enum(deliveryStates), at: z.date() }).nullable(),
  createdAt: z.date(),
});
export type ChannelView = z.infer<typeof channelViewSchema>;

export const channelListSchema = z.object({
  channels: z.array(channelViewSchema),
  /** whether this installation has a mail server */
  mail: z.boolean(),
});

export const deliverySchema = z.object({
  id: z.uuid(),
  kind: z.enum(["changes", "summary", "test"]),
  state: z.enum(deliveryStates),
  changes: z.int(),
  attempts: z.int(),
  sending: z.boolean(),
  dueAt: z.date(),
  attemptedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  createdAt: z.date(),
  outcome: deliveryOutcomeSchema.nullable(),
});
export type DeliveryView = z.infer<typeof deliverySchema>;
export const deliveryPageSchema = z.object({
  items: z.array(deliverySchema),
  next: z.string().nullable(),
});
