import { z } from "zod";
import type { SessionListItem } from "#common/contracts/runbook-session.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { clusterOf, toCluster } from "./state.ts";

const placeSchema = z.object({ id: z.uuid() });

type ListSessions = {
  ctx: TeamContext;
  input: { open: boolean; runbook?: string; cursor?: string | null; limit: number };
};

/** Open sessions, or closed ones, the newest first. Their texts stay where they are. */
export async function listSessions({ ctx, input }: ListSessions) {
  const from = decodeCursor(placeSchema, input.cursor);
  const rows = await ctx.db.runbookSession.findMany({
    where: {
      teamId: ctx.team.id,
      closedAt: input.open ? null : { not: null },
      ...(input.runbook === undefined ? {} : { runbook: input.runbook }),
      ...(from ? { id: { lt: from.id } } : {}),
    },
    omit: { article: true },
    include: { cluster: clusterOf, _count: { select: { ticks: true } } },
    orderBy: { id: "desc" },
    take: input.limit + 1,
  });
  const items = rows.slice(0, input.limit).map((row): SessionListItem => {
    const { id, title, runbook, startedBy, createdAt, closedAt, closedBy } = row;
    return {
      ...{ id, title, runbook, startedBy, createdAt, closedAt, closedBy },
      cluster: toCluster(row.cluster),
      done: row._count.ticks,
      steps: Array.isArray(row.steps) ? row.steps.length : 0,
    };
  });
  const last = items.at(-1);
  return { items, next: rows.length > items.length && last ? encodeCursor({ id: last.id }) : null };
}
