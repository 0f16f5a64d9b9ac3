import { z } from "zod";
import { slugSchema } from "./cluster.ts";

/** Longest document that is read: some years of weekly notes. */
export const maxNotesBytes = 1024 * 1024;
/** Most entries that become drafts at once. */
export const maxNotesEntries = 500;

export const notesFormats = ["markdown", "html", "text"] as const;
export type NotesFormat = (typeof notesFormats)[number];

const sectionSchema = z.object({
  /** without marks; null: what stands before the first heading of its week */
  title: z.string().max(1_000).nullable(),
  /** 0: an entry's own heading; 1 and more: sections within one */
  depth: z.number().int().min(0).max(6),
  /** its text, Markdown, without its heading */
  markdown: z.string().max(maxNotesBytes),
});

export const readNotesInputSchema = z.object({
  text: z.string().max(maxNotesBytes),
  /** what the text itself shows, unless it is said */
  format: z.enum(notesFormats).optional(),
});

export const notesSchema = z.object({
  format: z.enum(notesFormats),
  weeks: z.array(
    z.object({
      /** Monday, ISO date; null: the notes name no week there */
      week: z.iso.date().nullable(),
      /** as the notes name it */
      written: z.string().nullable(),
      sections: z.array(
        sectionSchema.extend({
          /** begins an entry; otherwise it belongs to the entry before */
          startsEntry: z.boolean(),
        }),
      ),
    }),
  ),
  /** titles of the team's own runbooks and drafts, to tell what would be there twice */
  knownTitles: z.array(z.string()),
});
export type NotesView = z.infer<typeof notesSchema>;

export const importNotesSchema = z.object({
  /** of the document, for the list of imports */
  name: z.string().trim().min(1).max(200),
  entries: z
    .array(
      z.object({
        week: z.iso.date().nullable(),
        title: z.string().trim().min(1).max(200),
        sections: z.array(sectionSchema).min(1).max(200),
      }),
    )
    .min(1)
    .max(maxNotesEntries),
});

export const importedSchema = z.object({ importId: z.uuid(), drafts: z.number().int() });

export const draftSchema = z.object({
  slug: slugSchema,
  title: z.string(),
  week: z.iso.date().nullable(),
  /** what keeps its text from being a runbook; 0: it can be published */
  problems: z.number().int(),
  changed: z.boolean(),
  published: z.boolean(),
});

export const importsSchema = z.array(
  z.object({
    id: z.uuid(),
    name: z.string(),
    by: z.string(),
    at: z.date(),
    undone: z.object({ by: z.string(), at: z.date() }).nullable(),
    drafts: z.array(draftSchema),
  }),
);
export type ImportView = z.infer<typeof importsSchema>[number];

export const publishDraftsSchema = z.object({ slugs: z.array(slugSchema).min(1).max(maxNotesEntries) });
export const publishedSchema = z.object({
  published: z.array(slugSchema),
  /** whose texts have problems: they stay drafts */
  refused: z.array(slugSchema),
});

export const undoneSchema = z.object({
  removed: z.number().int(),
  /** changed since the import: they are kept */
  kept: z.array(slugSchema),
});
