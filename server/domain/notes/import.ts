import type { z } from "zod";
import type { importedSchema, importNotesSchema } from "#common/contracts/notes.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { authorOf } from "../team-runbooks/author-of.ts";
import { freeRunbookSlug } from "../team-runbooks/free-slug.ts";
import { composeDraft } from "./compose-draft.ts";

/** Makes a draft of every entry, all or none. A draft is nobody's runbook until it is published. */
export async function importNotes({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: z.output<typeof importNotesSchema>;
}): Promise<z.output<typeof importedSchema>> {
  const teamId = ctx.team.id;
  const author = authorOf(ctx);
  const by = { createdById: author.id, createdBy: author.name, createdAt: ctx.now() };
  const texts = input.entries.map((entry) => ({ title: entry.title, text: composeDraft(entry) }));
  return ctx.db.$transaction(
    async (tx) => {
      const { id: importId } = await tx.notesImport.create({ data: { teamId, name: input.name, ...by } });
      for (const { title, text } of texts) {
        const slug = await freeRunbookSlug(tx, teamId, title);
        const data = { teamId, slug, title, number: 1, draft: true, importId, ...by };
        const { id: runbookId } = await tx.teamRunbook.create({ data });
        const version = { runbookId, number: 1, teamId, text, createdAt: ctx.now() };
        await tx.runbookVersion.create({ data: { ...version, authorId: author.id, author: author.name } });
      }
      await recordAudit(tx, ctx, {
        action: "notes.imported",
        subject: { kind: "notes", id: importId, name: input.name },
        details: { drafts: texts.length },
      });
      return { importId, drafts: texts.length };
    },
    { timeout: 30_000 },
  );
}
