import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { authorOf } from "./author-of.ts";
import { commandOf } from "./command-of.ts";
import { findTeamRunbook, findVersion } from "./find.ts";
import { readVersion } from "./load.ts";

type Input = { slug: string; checkId: string; contentHash: string };

/** An admin's yes to a command exactly as it was shown to them: one that was changed in between is refused. */
export async function approveCheck({ ctx, input }: { ctx: TeamContext; input: Input }): Promise<void> {
  const runbook = await findTeamRunbook(ctx, input.slug);
  const { text, number } = await findVersion(ctx, runbook);
  const { slug, createdAt } = runbook;
  const read = await readVersion({ slug, createdAt, text, number, checks: [] });
  const written = read.checks.find(({ spec }) => spec.id === input.checkId);
  if (!written || !commandOf(written.spec)) throw new AppError("not-found", "check-unknown");
  if (written.hash !== input.contentHash) throw new AppError("conflict", "check-changed");
  const author = authorOf(ctx);
  const { checkId, contentHash } = input;
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.checkApproval.createMany({
      data: {
        ...{ runbookId: runbook.id, checkId, contentHash },
        ...{ teamId: ctx.team.id, approvedById: author.id, approvedBy: author.name, approvedAt: ctx.now() },
      },
      skipDuplicates: true,
    });
    if (count === 0) return;
    await recordAudit(tx, ctx, {
      action: "runbook.checkApproved",
      subject: { kind: "runbook", id: runbook.id, name: runbook.title },
      details: { check: checkId, contentHash, version: number },
    });
  });
}
