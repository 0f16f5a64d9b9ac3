import type { Approval, TeamRunbookView } from "#common/contracts/team-runbook.ts";
import type { TeamContext } from "../context.ts";
import { commandOf } from "./command-of.ts";
import { findTeamRunbook, findVersion } from "./find.ts";
import { readVersion } from "./load.ts";
import type { ReadText } from "./read-text.ts";

/** A runbook as its authors see it: the text of a version, who wrote which, and what waits for an admin. */
export async function getTeamRunbook({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { slug: string; number?: number };
}): Promise<TeamRunbookView> {
  const runbook = await findTeamRunbook(ctx, input.slug);
  const { id, slug, createdAt } = runbook;
  const version = await findVersion(ctx, { id, number: input.number ?? runbook.number });
  const { text, number } = version;
  const versions = await ctx.db.runbookVersion.findMany({
    where: { runbookId: id, teamId: ctx.team.id },
    select: { number: true, author: true, createdAt: true },
    orderBy: { number: "desc" },
    take: 100,
  });
  const read = await readVersion({ slug, createdAt, text, number, checks: [] });
  return {
    ...{ slug, title: runbook.title, draft: runbook.draft, number, newest: runbook.number, text },
    ...{ by: version.author, at: version.createdAt, createdBy: runbook.createdBy },
    versions: versions.map((each) => ({ number: each.number, by: each.author, at: each.createdAt })),
    approvals: await readApprovals(ctx, { id, read }),
  };
}

async function readApprovals(
  ctx: TeamContext,
  { id, read }: { id: string; read: ReadText },
): Promise<Approval[]> {
  const given = await ctx.db.checkApproval.findMany({ where: { runbookId: id, teamId: ctx.team.id } });
  return read.checks.flatMap(({ spec, hash }) => {
    const command = commandOf(spec);
    if (!command) return [];
    const yes = given.find((each) => each.checkId === spec.id && each.contentHash === hash);
    return {
      ...{ checkId: spec.id, title: spec.title, argv: command.argv, sudo: command.sudo, contentHash: hash },
      approved: yes ? { by: yes.approvedBy, at: yes.approvedAt } : null,
    };
  });
}
