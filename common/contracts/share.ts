import { z } from "zod";

export const longestShareDays = 90;

export const createShareSchema = z.object({
  runId: z.uuid(),
  /** the earlier run that it is shown beside, for a comparison */
  withRunId: z.uuid().nullable().default(null),
  days: z.int().min(1).max(longestShareDays),
  /** names and addresses become pseudonyms */
  hideNames: z.boolean(),
  /** for whom or for what, for the team's own list */
  note: z.string().trim().max(120).default(""),
});
export type CreateShare = z.output<typeof createShareSchema>;

/** The address, this once: its secret is kept nowhere. */
export const createdShareSchema = z.object({ id: z.uuid(), url: z.string() });

export const shareViewSchema = z.object({
  id: z.uuid(),
  runId: z.uuid(),
  withRunId: z.uuid().nullable(),
  /** what it shares, as it was called when the link was made */
  subject: z.string(),
  note: z.string(),
  hideNames: z.boolean(),
  createdBy: z.string(),
  createdAt: z.date(),
  expiresAt: z.date(),
  revokedAt: z.date().nullable(),
  revokedBy: z.string().nullable(),
  lastOpenedAt: z.date().nullable(),
  opens: z.int(),
  state: z.enum(["active", "expired", "revoked"]),
  /** whether who asks may end it */
  mine: z.boolean(),
});
export type ShareView = z.infer<typeof shareViewSchema>;

export const sharePageSchema = z.object({ items: z.array(shareViewSchema), next: z.string().nullable() });
export type SharePage = z.infer<typeof sharePageSchema>;
