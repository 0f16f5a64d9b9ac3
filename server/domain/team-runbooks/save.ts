import type { z } from "zod";
import type { savedSchema, saveInputSchema } from "#common/contracts/team-runbook.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { authorOf } from "./author-of.ts";
import { findTeamRunbook, findVersion } from "./find.ts";
import { readVersion, versionChecksSchema } from "./load.ts";
import { requireSound, toVersionChecks } from "./sound.ts";

type Input = z.output<typeof saveInputSchema>;
type Saved = z.output<typeof savedSchema>;

/** The next version, or, where somebody saved one in between, theirs: nothing is overwritten and nothing is lost. */
export async function saveTeamRunbook({ ctx, input }: { ctx: TeamContext; input: Input }): Promise<Saved> {
  const runbook = await findTeamRunbook(ctx, input.slug);
  const { id, slug, createdAt } = runbook;
  const teamId = ctx.team.id;
  const number = input.baseNumber + 1;
  const read = requireSound(await readVersion({ slug, createdAt, text: input.text, number, checks: [] }));
  const author = authorOf(ctx);
  const kept = await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.teamRunbook.updateMany({
      where: { id, teamId, number: input.baseNumber, removedAt: null },
      data: { number, title: read.meta.title },
    });
    if (count === 0) return false;
    const base = await tx.runbookVersion.findUniqueOrThrow({
      where: { runbookId_number: { runbookId: id, number: input.baseNumber } },
    });
    const checks = toVersionChecks(read, versionChecksSchema.parse(base.checks), number);
    await tx.runbookVersion.create({
      data: {
        ...{ runbookId: id, number, teamId, text: input.text, checks, createdAt: ctx.now() },
        ...{ authorId: author.id, author: author.name },
      },
    });
    await recordAudit(tx, ctx, {
      action: "runbook.saved",
      subject: { kind: "runbook", id, name: read.meta.title },
      details: { slug, version: number },
    });
    return true;
  });
  return kept ? { saved: true, slug, number } : conflict(ctx, input.slug);
}

async function conflict(ctx: TeamContext, slug: string): Promise<Saved> {
  const newest = await findVersion(ctx, await findTeamRunbook(ctx, slug));
  const { number, text, author, createdAt } = newest;
  return { saved: false, current: { number, text, by: author, at: createdAt } };
}
