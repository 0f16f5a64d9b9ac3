import type { SessionState } from "#common/contracts/runbook-session.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { toCounts } from "../runs/views.ts";
import { readAsked } from "./read-asked.ts";

/** Whoever was not heard of for longer has left. */
export const presentForMs = 30_000;

export const clusterOf = {
  select: { slug: true, name: true, production: true, removedAt: true },
} as const;

type ClusterRow = { slug: string; name: string; production: boolean; removedAt: Date | null };

export function toCluster({ removedAt, ...cluster }: ClusterRow): SessionState["cluster"] {
  return { ...cluster, removed: removedAt !== null };
}

/** A session as it is now, without its text. */
export async function readState(ctx: TeamContext, sessionId: string): Promise<SessionState> {
  const session = await ctx.db.runbookSession.findFirst({
    where: { id: sessionId, teamId: ctx.team.id },
    omit: { article: true, steps: true },
    include: {
      cluster: clusterOf,
      ticks: { orderBy: { step: "asc" }, omit: { sessionId: true } },
      notes: { orderBy: { id: "asc" }, omit: { sessionId: true } },
      runs: { orderBy: { runId: "asc" } },
      presences: { where: { seenAt: { gt: new Date(Date.now() - presentForMs) } }, orderBy: { name: "asc" } },
    },
  });
  if (!session) throw new AppError("not-found", "session-not-found");
  const runIds = session.runs.map(({ runId }) => runId);
  const asked = await readAsked(ctx, { runIds, clusterId: session.clusterId });
  const runs = await ctx.db.run.findMany({
    where: { teamId: ctx.team.id, id: { in: runIds } },
    select: { id: true, status: true, verdict: true, counts: true, requestedBy: true, createdAt: true },
    orderBy: { id: "asc" },
  });
  const { id, title, runbook, startedBy, createdAt, closedAt, closedBy, seq } = session;
  return {
    ...{ id, title, runbook, startedBy, createdAt, closedAt, closedBy, seq },
    ...{ found: session.found, openPoints: session.openPoints },
    ...{ ticks: session.ticks, notes: session.notes },
    cluster: toCluster(session.cluster),
    runs: runs.map((run) => ({
      ...run,
      counts: toCounts(run.counts),
      checks: asked.get(run.id) ?? [],
    })),
    present: session.presences.map(({ name }) => name),
  };
}
