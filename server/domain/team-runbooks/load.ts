import path from "node:path";
import { z } from "zod";
import { locales } from "#common/text.ts";
import type { Prisma, TeamRunbook } from "#generated/prisma/client.ts";
import { checks as builtIn } from "#server/checks/registry.gen.ts";
import type { Database } from "#server/db.ts";
import { type LoadedRunbook, loadRunbooks } from "../runbooks/load-runbooks.ts";
import { mondayOf } from "./read-front-matter.ts";
import { type Known, type ReadText, readText } from "./read-text.ts";

/** What RunbookVersion.checks holds. */
export const versionChecksSchema = z.array(
  z.object({ id: z.string(), hash: z.string(), since: z.number().int() }),
);
export type VersionChecks = z.infer<typeof versionChecksSchema>;

export type TeamEntry = { runbook: TeamRunbook; read: ReadText };

const mostKept = 500;
/** By runbook and version: a version never changes. */
const kept = new Map<string, Promise<ReadText>>();

/** A team's runbooks as their newest texts read, in the order of their making. */
export async function loadTeamRunbooks(db: Database, teamId: string): Promise<TeamEntry[]> {
  const runbooks = await db.teamRunbook.findMany({
    where: { teamId, removedAt: null, draft: false },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const missing = runbooks.filter((runbook) => !kept.has(keyOf(runbook)));
  if (missing.length > 0) await keepTexts(db, missing);
  const entries = runbooks.map(async (runbook) => ({ runbook, read: await kept.get(keyOf(runbook)) }));
  return (await Promise.all(entries)).flatMap(({ runbook, read }) => (read ? { runbook, read } : []));
}

function keyOf({ id, number }: Pick<TeamRunbook, "id" | "number">): string {
  return `${id} ${number}`;
}

async function keepTexts(db: Database, runbooks: TeamRunbook[]): Promise<void> {
  const wanted: Prisma.RunbookVersionWhereInput[] = runbooks.map(({ id, number }) => ({
    runbookId: id,
    number,
  }));
  const versions = await db.runbookVersion.findMany({ where: { OR: wanted } });
  if (kept.size + versions.length > mostKept) kept.clear();
  for (const version of versions) {
    const runbook = runbooks.find(({ id }) => id === version.runbookId);
    if (!runbook) continue;
    const { slug, createdAt } = runbook;
    const checks = versionChecksSchema.parse(version.checks);
    const reading = readVersion({ slug, createdAt, text: version.text, number: version.number, checks });
    kept.set(keyOf({ id: version.runbookId, number: version.number }), reading);
    reading.catch(() => kept.delete(keyOf({ id: version.runbookId, number: version.number })));
  }
}

/** A text as it reads within its runbook. */
export async function readVersion(version: {
  slug: string;
  createdAt: Date;
  text: string;
  number: number;
  checks: VersionChecks;
}): Promise<ReadText> {
  return readText(version.text, {
    slug: version.slug,
    week: mondayOf(version.createdAt),
    known: await readKnown(),
    versionOf: (spec, hash) =>
      version.checks.find((each) => each.id === spec.id && each.hash === hash)?.since ?? version.number,
    publicDirectory: path.join(process.cwd(), "public"),
  });
}

/** The product's own checks, and the tools that its runbooks show. */
async function readKnown(): Promise<Known> {
  const runbooks = [...(await loadRunbooks()).values()];
  return {
    checkIds: new Set(builtIn.map((check) => check.id)),
    toolIds: new Set(runbooks.flatMap(({ texts }) => texts.en.meta.tools)),
  };
}

/** A team's runbook beside those of the product: the same text for readers of either language. */
export function toLoaded({ runbook, read }: TeamEntry, number: number): LoadedRunbook | undefined {
  const { meta, article } = read;
  if (!meta) return undefined;
  const text = { ...article, meta: { ...meta, number } };
  const texts = Object.fromEntries(locales.map((locale) => [locale, text])) as LoadedRunbook["texts"];
  return { slug: runbook.slug, texts, own: true };
}
