import { z } from "zod";
import { longestComment } from "../longest-comment.ts";

/** Below a run or a finding: exactly one of the two. */
export const commentPlaceSchema = z
  .object({ runId: z.uuid().optional(), findingId: z.uuid().optional() })
  .refine(({ runId, findingId }) => (runId === undefined) !== (findingId === undefined));
export type CommentPlace = z.infer<typeof commentPlaceSchema>;

export const commentTextSchema = z.object({
  text: z.string().trim().min(1).max(longestComment),
  /** user ids of members named with @ */
  mentions: z.array(z.string().max(80)).max(20).default([]),
});

export const commentSchema = z.object({
  id: z.uuid(),
  text: z.string(),
  author: z.string(),
  mine: z.boolean(),
  /** names of those mentioned, as they are called now */
  mentions: z.array(z.string()),
  createdAt: z.date(),
  editedAt: z.date().nullable(),
});
export type CommentView = z.infer<typeof commentSchema>;
