import { z } from "zod";
import type { RunFilter, RunPage } from "#common/contracts/run.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { toSummaries } from "./find-run.ts";

const placeSchema = z.object({ id: z.uuid() });

type ListRuns = {
  ctx: TeamContext;
  input: { filter: RunFilter; cursor?: string | null; limit: number };
};

/** The history, newest first. A run's id begins with its time, so the id alone is the place in the list. */
export async function listRuns({ ctx, input }: ListRuns): Promise<RunPage> {
  const from = decodeCursor(placeSchema, input.cursor);
  const where = await whereOf(ctx, input.filter);
  const rows = await ctx.db.run.findMany({
    where: { AND: [where, from ? { id: { lt: from.id } } : {}] },
    orderBy: { id: "desc" },
    take: input.limit + 1,
    omit: { selection: true },
  });
  const items = rows.slice(0, input.limit);
  const last = items.at(-1);
  return {
    items: await toSummaries(ctx, items),
    next: rows.length > items.length && last ? encodeCursor({ id: last.id }) : null,
  };
}

async function whereOf(ctx: TeamContext, filter: RunFilter): Promise<Prisma.RunWhereInput> {
  const where: Prisma.RunWhereInput = { teamId: ctx.team.id };
  if (filter.cluster !== undefined) {
    const clusters = await ctx.db.cluster.findMany({
      where: { teamId: ctx.team.id, slug: filter.cluster },
      select: { id: true },
    });
    const clusterId = { in: clusters.map((cluster) => cluster.id) };
    where.parts = { some: { teamId: ctx.team.id, clusterId } };
  }
  if (filter.runbook !== undefined) where.runbook = filter.runbook;
  if (filter.check !== undefined) where.selection = { array_contains: [{ id: filter.check }] };
  if (filter.verdict !== undefined) where.verdict = filter.verdict;
  if (filter.person !== undefined) where.requestedBy = { contains: filter.person, mode: "insensitive" };
  if (filter.from || filter.to) where.createdAt = { gte: filter.from, lt: filter.to };
  return where;
}
