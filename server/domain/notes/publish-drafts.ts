import type { z } from "zod";
import type { publishDraftsSchema, publishedSchema } from "#common/contracts/notes.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findVersion } from "../team-runbooks/find.ts";
import { readVersion } from "../team-runbooks/load.ts";
import { toVersionChecks } from "../team-runbooks/sound.ts";

/** Makes runbooks of drafts. One whose text has problems stays a draft; one that is no draft is passed over. */
export async function publishDrafts({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: z.output<typeof publishDraftsSchema>;
}): Promise<z.output<typeof publishedSchema>> {
  const teamId = ctx.team.id;
  const drafts = await ctx.db.teamRunbook.findMany({
    where: { teamId, slug: { in: input.slugs }, removedAt: null, draft: true },
    orderBy: { id: "asc" },
  });
  const published: string[] = [];
  const refused: string[] = [];
  for (const draft of drafts) {
    const { id, slug, title, createdAt, number } = draft;
    const { text } = await findVersion(ctx, { id, number });
    const read = await readVersion({ slug, createdAt, text, number, checks: [] });
    if (read.problems.length > 0) {
      refused.push(slug);
      continue;
    }
    const done = await ctx.db.$transaction(async (tx) => {
      const { count } = await tx.teamRunbook.updateMany({
        where: { id, teamId, number, draft: true, removedAt: null },
        data: { draft: false },
      });
      if (count === 0) return false;
      const where = { runbookId_number: { runbookId: id, number } };
      await tx.runbookVersion.update({ where, data: { checks: toVersionChecks(read, [], number) } });
      await recordAudit(tx, ctx, {
        action: "runbook.published",
        subject: { kind: "runbook", id: slug, name: title },
      });
      return true;
    });
    if (done) published.push(slug);
    else refused.push(slug);
  }
  return { published, refused };
}
