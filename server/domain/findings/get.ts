import type { FindingDetail } from "#common/contracts/finding.ts";
import { findingSchema } from "#common/result.ts";
import type { TeamContext } from "../context.ts";
import { toFindingView } from "../runs/views.ts";
import { findLife } from "./find-life.ts";
import { type LifeRow, toLife } from "./views.ts";

const mostEvents = 200;
const lookBackResults = 30;

/** A finding at its permanent address: its life, where it was seen, and what its last result says of it. */
export async function getLife({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { id: string };
}): Promise<FindingDetail> {
  const row = await findLife(ctx, input.id);
  const events = await ctx.db.findingEvent.findMany({
    where: { teamId: ctx.team.id, findingId: row.id },
    orderBy: { id: "desc" },
    take: mostEvents,
    include: { comment: { select: { text: true } } },
  });
  return {
    ...toLife(row),
    events: events.reverse().map(({ id, kind, at, verdict, previousVerdict, muted, ...event }) => ({
      ...{ id: String(id), kind, at, verdict, previousVerdict, muted },
      ...{ by: event.actor, note: event.comment?.text ?? event.note, until: event.until, runId: event.runId },
    })),
    seenIn: await seenIn(ctx, row),
    newest: await newestOf(ctx, row),
  };
}

async function seenIn(ctx: TeamContext, row: LifeRow): Promise<FindingDetail["seenIn"]> {
  const { clusterId, checkId, target, fingerprint } = row;
  const results = await ctx.db.result.findMany({
    where: { teamId: ctx.team.id, clusterId, checkId, target, phase: "done", factsRunId: null },
    orderBy: { runId: "desc" },
    take: lookBackResults,
    select: { runId: true, id: true, endedAt: true, observedAt: true },
  });
  const found = await ctx.db.finding.findMany({
    where: { runId: { in: results.map(({ runId }) => runId) }, fingerprint },
    select: { runId: true, resultId: true, verdict: true },
  });
  return results.flatMap(({ runId, id, endedAt, observedAt }) => {
    const at = observedAt ?? endedAt;
    const verdict = found.find((each) => each.runId === runId && each.resultId === id)?.verdict;
    return at && verdict ? [{ runId, at, verdict: findingSchema.shape.verdict.parse(verdict) }] : [];
  });
}

async function newestOf(ctx: TeamContext, row: LifeRow): Promise<FindingDetail["newest"]> {
  const { lastRunId: runId, lastResultId: resultId, lastOrdinal: ordinal } = row;
  const run = await ctx.db.run.findFirst({ where: { id: runId, teamId: ctx.team.id }, select: { id: true } });
  const finding = await ctx.db.finding.findUnique({
    where: { runId_resultId_ordinal: { runId, resultId, ordinal } },
  });
  return run && finding ? { ...toFindingView(finding, row.checkId), runId } : null;
}
