import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { authorOf } from "./author-of.ts";
import { freeRunbookSlug } from "./free-slug.ts";
import { readVersion } from "./load.ts";
import { requireSound, toVersionChecks } from "./sound.ts";

/** The first version of a runbook. Its address comes from its title and stays, since its checks are named by it. */
export async function createTeamRunbook({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { text: string };
}): Promise<{ slug: string }> {
  const teamId = ctx.team.id;
  const createdAt = ctx.now();
  const draft = { slug: "draft", createdAt, text: input.text, number: 1, checks: [] };
  const read = requireSound(await readVersion(draft));
  const author = authorOf(ctx);
  return ctx.db.$transaction(async (tx) => {
    const slug = await freeRunbookSlug(tx, teamId, read.meta.title);
    const runbook = await tx.teamRunbook.create({
      data: {
        ...{ teamId, slug, title: read.meta.title, number: 1, createdAt },
        ...{ createdById: author.id, createdBy: author.name },
      },
    });
    await tx.runbookVersion.create({
      data: {
        ...{ runbookId: runbook.id, number: 1, teamId, text: input.text, createdAt },
        ...{ authorId: author.id, author: author.name, checks: toVersionChecks(read, [], 1) },
      },
    });
    await recordAudit(tx, ctx, {
      action: "runbook.created",
      subject: { kind: "runbook", id: runbook.id, name: read.meta.title },
      details: { slug },
    });
    return { slug };
  });
}
