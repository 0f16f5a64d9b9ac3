import { diffLines } from "diff";
import type { VersionDiff } from "#common/contracts/team-runbook.ts";
import type { TeamContext } from "../context.ts";
import { findTeamRunbook, findVersion } from "./find.ts";

const mostVersions = 200;

/** What changed between two versions of a runbook; without numbers, in its newest one. */
export async function compareVersions({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { slug: string; from?: number; to?: number };
}): Promise<VersionDiff> {
  const { id, title, draft, number: newest } = await findTeamRunbook(ctx, input.slug);
  const to = await findVersion(ctx, { id, number: input.to ?? newest });
  const from = await findVersion(ctx, { id, number: input.from ?? Math.max(1, to.number - 1) });
  const versions = await ctx.db.runbookVersion.findMany({
    where: { runbookId: id, teamId: ctx.team.id },
    select: { number: true, author: true, createdAt: true },
    orderBy: { number: "desc" },
    take: mostVersions,
  });
  const parts = partsOf(from.text, to.text);
  const count = (kind: string) =>
    parts.filter((part) => part.kind === kind).reduce((sum, { lines }) => sum + lines.length, 0);
  return {
    ...{ title, draft, from: { number: from.number, text: from.text }, to: to.number, parts },
    versions: versions.map((each) => ({ number: each.number, by: each.author, at: each.createdAt })),
    ...{ added: count("added"), removed: count("removed") },
  };
}

function partsOf(from: string, to: string): VersionDiff["parts"] {
  let fromLine = 1;
  let toLine = 1;
  return diffLines(from, to).map(({ added, removed, value }) => {
    const kind = added ? ("added" as const) : removed ? ("removed" as const) : ("same" as const);
    const lines = value.replace(/\n$/, "").split("\n");
    const part = { kind, fromLine, toLine, lines };
    if (kind !== "added") fromLine += lines.length;
    if (kind !== "removed") toLine += lines.length;
    return part;
  });
}
