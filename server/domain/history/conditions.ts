import type { RunFilter } from "#common/contracts/run.ts";
import { Prisma } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { TeamContext } from "../context.ts";
import { firstIdAt } from "../id-time.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { andAnyOf, checkWord, clusterWord, searchWords, toTsquery } from "./words.ts";

/** A filter whose names were looked up; `nothing` is what nothing can fit. */
export type Asked = {
  nothing: boolean;
  clusterIds: string[] | undefined;
  check: string | undefined;
  /** of words, and narrowed to the cluster and the check where there are words */
  tsquery: string | undefined;
  verdict: RunFilter["verdict"];
  runbook: string | undefined;
  person: Prisma.Sql | undefined;
  /** runs from this id on, and before that one */
  fromId: string | undefined;
  toId: string | undefined;
};

const farthestMs = 2 ** 48 - 1;

export async function lookUp(ctx: TeamContext, filter: RunFilter): Promise<Asked> {
  const clusterIds = filter.cluster === undefined ? undefined : await clusterIdsOf(ctx, filter.cluster);
  const words = filter.text?.trim() ? await tsqueryOf(ctx, filter.text) : undefined;
  const tsquery = words && narrowed(words, { clusterIds, check: filter.check });
  const idAt = (at: Date | undefined) => (at ? firstIdAt(Math.min(at.getTime(), farthestMs)) : undefined);
  return {
    nothing: clusterIds?.length === 0 || (Boolean(filter.text?.trim()) && tsquery === undefined),
    clusterIds,
    tsquery,
    check: filter.check,
    verdict: filter.verdict,
    runbook: filter.runbook,
    person: filter.person === undefined ? undefined : await personOf(ctx, filter.person),
    fromId: idAt(filter.from),
    toId: idAt(filter.to),
  };
}

function narrowed(words: string, { clusterIds, check }: Pick<Asked, "clusterIds" | "check">): string {
  const there = clusterIds?.length ? andAnyOf(words, clusterIds.map(clusterWord)) : words;
  return check === undefined ? there : andAnyOf(there, [checkWord(check)]);
}

async function clusterIdsOf(ctx: TeamContext, slug: string): Promise<string[]> {
  const clusters = await ctx.db.cluster.findMany({
    where: { teamId: ctx.team.id, slug },
    select: { id: true },
  });
  return clusters.map(({ id }) => id);
}

/** Taken apart once: a search looks at the titles of the whole library. */
const titleWords = new WeakMap<Check, ReadonlySet<string>>();

function wordsOfTitle(check: Check): ReadonlySet<string> {
  const known = titleWords.get(check) ?? searchWords(`${check.id} ${check.title.en} ${check.title["zh-CN"]}`);
  titleWords.set(check, known);
  return known;
}

async function tsqueryOf(ctx: TeamContext, text: string): Promise<string | undefined> {
  const library = await libraryOf(ctx, ctx.team.id);
  const titles = library.map((check) => [check.id, wordsOfTitle(check)] as const);
  return toTsquery(text, new Map(titles));
}

/** A member by id; else whoever a run was asked for by, such as a schedule or somebody who left, by a part of the name. */
async function personOf(ctx: TeamContext, person: string): Promise<Prisma.Sql> {
  const member = await ctx.db.membership.findFirst({ where: { teamId: ctx.team.id, userId: person } });
  if (member) return Prisma.sql`run."requestedById" = ${member.userId}`;
  return Prisma.sql`strpos(lower(run."requestedBy"), lower(${person})) > 0`;
}

/** Whether words were asked for and, but for check and cluster that are among them, nothing else: their table knows the page. */
export function wordsTellAll({ tsquery, verdict, runbook, person }: Asked): boolean {
  return tsquery !== undefined && verdict === undefined && runbook === undefined && person === undefined;
}

/** A range of ids, so that months outside of it are not touched. */
export function within(id: Prisma.Sql, { fromId, toId }: Pick<Asked, "fromId" | "toId">): Prisma.Sql {
  const from = fromId ? Prisma.sql`AND ${id} >= ${fromId}::uuid` : Prisma.empty;
  const to = toId ? Prisma.sql`AND ${id} < ${toId}::uuid` : Prisma.empty;
  return Prisma.sql`${from} ${to}`;
}
