import { z } from "zod";
import {
  importedSchema,
  importNotesSchema,
  importsSchema,
  notesSchema,
  publishDraftsSchema,
  publishedSchema,
  readNotesInputSchema,
  undoneSchema,
} from "#common/contracts/notes.ts";
import { importNotes } from "#server/domain/notes/import.ts";
import { listImports } from "#server/domain/notes/list-imports.ts";
import { publishDrafts } from "#server/domain/notes/publish-drafts.ts";
import { readNotesDocument } from "#server/domain/notes/read-document.ts";
import { undoImport } from "#server/domain/notes/undo-import.ts";
import { router, teamProcedure } from "../trpc.ts";

export const notesRouter = router({
  /** A mutation only because a query would carry the document in its address. */
  read: teamProcedure("operator")
    .input(readNotesInputSchema)
    .output(notesSchema)
    .mutation(({ ctx, input }) => readNotesDocument({ ctx: ctx.team, input })),

  import: teamProcedure("operator")
    .input(importNotesSchema)
    .output(importedSchema)
    .mutation(({ ctx, input }) => importNotes({ ctx: ctx.team, input })),

  imports: teamProcedure("operator")
    .output(importsSchema)
    .query(({ ctx }) => listImports({ ctx: ctx.team })),

  publish: teamProcedure("operator")
    .input(publishDraftsSchema)
    .output(publishedSchema)
    .mutation(({ ctx, input }) => publishDrafts({ ctx: ctx.team, input })),

  undo: teamProcedure("operator")
    .input(z.object({ importId: z.uuid() }))
    .output(undoneSchema)
    .mutation(({ ctx, input }) => undoImport({ ctx: ctx.team, input })),
});
