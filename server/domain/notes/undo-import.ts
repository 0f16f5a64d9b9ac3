import type { z } from "zod";
import type { undoneSchema } from "#common/contracts/notes.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { authorOf } from "../team-runbooks/author-of.ts";

/**
 * Takes an import back. Drafts are gone as if they had never been, published ones are removed as runbooks are, and what
 * somebody has written on since is kept.
 */
export async function undoImport({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { importId: string };
}): Promise<z.output<typeof undoneSchema>> {
  const teamId = ctx.team.id;
  return ctx.db.$transaction(async (tx) => {
    const where = { id: input.importId, teamId, undoneAt: null };
    const { count } = await tx.notesImport.updateMany({
      where,
      data: { undoneAt: ctx.now(), undoneBy: authorOf(ctx).name },
    });
    if (count === 0) throw new AppError("not-found", "import-not-found");
    const own = { teamId, importId: input.importId, removedAt: null };
    const untouched = { ...own, number: 1 };
    const drafts = await tx.teamRunbook.deleteMany({ where: { ...untouched, draft: true } });
    const published = await tx.teamRunbook.updateMany({
      where: { ...untouched, draft: false },
      data: { removedAt: ctx.now() },
    });
    const kept = await tx.teamRunbook.findMany({
      where: own,
      select: { slug: true },
      orderBy: { id: "asc" },
    });
    const { name } = await tx.notesImport.findUniqueOrThrow({ where: { id: input.importId } });
    const removed = drafts.count + published.count;
    await recordAudit(tx, ctx, {
      action: "notes.importUndone",
      subject: { kind: "notes", id: input.importId, name },
      details: { removed, kept: kept.length },
    });
    return { removed, kept: kept.map(({ slug }) => slug) };
  });
}
