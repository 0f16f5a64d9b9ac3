import type { ImportView } from "#common/contracts/notes.ts";
import type { RunbookVersion, TeamRunbook } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { readVersion } from "../team-runbooks/load.ts";

const mostImports = 50;

/** The team's imports, newest first, each with what became of its entries. */
export async function listImports({ ctx }: { ctx: TeamContext }): Promise<ImportView[]> {
  const imports = await ctx.db.notesImport.findMany({
    where: { teamId: ctx.team.id },
    orderBy: { id: "desc" },
    take: mostImports,
    include: {
      runbooks: { where: { removedAt: null, teamId: ctx.team.id }, orderBy: { id: "asc" } },
    },
  });
  const runbooks = imports.flatMap((each) => each.runbooks);
  const texts = await newestTexts(ctx, runbooks);
  const views = imports.map(
    async ({ id, name, createdBy, createdAt, undoneBy, undoneAt, runbooks: own }) => ({
      ...{ id, name, by: createdBy, at: createdAt },
      undone: undoneAt ? { by: undoneBy ?? "", at: undoneAt } : null,
      drafts: await Promise.all(own.map((runbook) => toDraft(runbook, texts.get(runbook.id)))),
    }),
  );
  return Promise.all(views);
}

async function newestTexts(ctx: TeamContext, runbooks: readonly TeamRunbook[]) {
  const wanted = runbooks.map(({ id, number }) => ({ runbookId: id, number }));
  if (wanted.length === 0) return new Map<string, RunbookVersion>();
  const versions = await ctx.db.runbookVersion.findMany({ where: { teamId: ctx.team.id, OR: wanted } });
  return new Map(versions.map((version) => [version.runbookId, version]));
}

async function toDraft(runbook: TeamRunbook, version: RunbookVersion | undefined) {
  const { slug, title, number, draft, createdAt } = runbook;
  const read = await readVersion({ slug, createdAt, number, text: version?.text ?? "", checks: [] });
  return {
    ...{ slug, title, week: read.meta?.week ?? null, problems: read.problems.length },
    ...{ changed: number > 1, published: !draft },
  };
}
