import { z } from "zod";
import { transitionSchema } from "#common/contracts/channel.ts";
import { subjectSchema, verdictSchema } from "#common/result.ts";
import { locales } from "#common/text.ts";

/** How many findings a message shows one by one, the worst first. */
export const mostShown = 10;

const linkedSchema = z.object({ id: z.string(), url: z.string() });
const clusterSchema = z.object({ slug: z.string(), name: z.string(), production: z.boolean() });

/**
 * What a message says, frozen at its first attempt: each kind of channel writes it in its own way. Text of clusters and
 * people is as it is; whoever writes it out escapes it. docs/notifications.md documents it as the body of a webhook.
 */
export const messageSchema = z.object({
  id: z.uuid(),
  kind: z.enum(["changes", "summary", "test"]),
  locale: z.enum(locales),
  team: z.object({ slug: z.string(), name: z.string() }),
  channel: z.object({ id: z.uuid(), name: z.string() }),
  /** when it was put together */
  at: z.string(),
  /** findings and checks by what became of them, all and not only those shown */
  counts: z.partialRecord(transitionSchema, z.int()),
  clusters: z.array(clusterSchema.extend({ url: z.string(), new: z.int(), gone: z.int(), worse: z.int() })),
  runs: z.array(linkedSchema.extend({ schedule: z.string().nullable() })),
  findings: z.array(
    linkedSchema.extend({
      change: transitionSchema,
      verdict: verdictSchema,
      previousVerdict: verdictSchema.nullable(),
      cluster: clusterSchema,
      check: z.object({ id: z.string(), title: z.string() }),
      subject: subjectSchema,
      message: z.string(),
      at: z.string(),
    }),
  ),
  /** findings that are counted and not shown */
  more: z.int(),
  checks: z.array(
    z.object({
      change: transitionSchema,
      cluster: clusterSchema,
      check: z.object({ id: z.string(), title: z.string() }),
      target: z.string(),
      reason: z.string().nullable(),
      url: z.string(),
    }),
  ),
  schedules: z.array(linkedSchema.extend({ name: z.string(), why: z.string(), at: z.string() })),
  /** where all of it can be looked at */
  url: z.string(),
});
export type Message = z.output<typeof messageSchema>;
export type MessageFinding = Message["findings"][number];
