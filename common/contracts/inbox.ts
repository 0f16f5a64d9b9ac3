import { z } from "zod";
import { subjectSchema, verdictSchema } from "../result.ts";

const common = { at: z.date(), fresh: z.boolean() };

/** What changed for somebody, newest first. Many findings of one result that changed alike are one entry. */
export const inboxEntrySchema = z.discriminatedUnion("type", [
  z.object({
    ...common,
    type: z.literal("findings"),
    kind: z.enum(["opened", "reopened", "resolved", "worsened"]),
    count: z.number().int(),
    checkId: z.string(),
    cluster: z.string(),
    verdict: verdictSchema,
    /** one of them */
    findingId: z.uuid(),
    subject: subjectSchema,
    by: z.string().nullable(),
    runId: z.uuid().nullable(),
  }),
  z.object({
    ...common,
    type: z.literal("comment"),
    /** I was named in it */
    mentioned: z.boolean(),
    author: z.string(),
    excerpt: z.string(),
    findingId: z.uuid().nullable(),
    runId: z.uuid().nullable(),
  }),
]);
export type InboxEntry = z.infer<typeof inboxEntrySchema>;

export const inboxSchema = z.object({ entries: z.array(inboxEntrySchema), fresh: z.number().int() });
export type Inbox = z.infer<typeof inboxSchema>;
