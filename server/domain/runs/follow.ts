import type { RunUpdate } from "#common/contracts/run.ts";
import { AppError } from "#server/errors.ts";
import { createBell } from "../bell.ts";
import type { TeamContext } from "../context.ts";
import { readResults } from "./read-results.ts";
import { toCost, toCounts } from "./views.ts";

/** Rings for every notice about a run (or the end of a session), and after each reconnection, when some may have been missed. */
export type RunNotices = { subscribe(subject: string, ring: () => void): () => void };

/** Notices may be lost with their connection; looking by ourselves bounds what that costs. */
const lookAgainMs = 5_000;

type FollowRun = {
  ctx: TeamContext;
  input: { runId: string; lastEventId?: string | null };
  notices: RunNotices;
  signal?: AbortSignal;
};

/**
 * What changed since `lastEventId`, as it changes; ends when the run has ended and all of it was sent. Membership
 * and session are asked again each time: who is removed from the team or signs out stops seeing the run.
 */
export async function* followRun({
  ctx,
  input,
  notices,
  signal,
}: FollowRun): AsyncGenerator<RunUpdate, void> {
  let seen = readSeq(input.lastEventId);
  const bell = createBell();
  const stops = [notices.subscribe(input.runId, bell.ring)];
  const session = ctx.actor.type === "user" ? ctx.actor.sessionId : undefined;
  // Rung by the database when the session is deleted, whoever does it.
  if (session) stops.push(notices.subscribe(`session ${session}`, bell.ring));
  signal?.addEventListener("abort", bell.ring);
  try {
    while (!signal?.aborted) {
      const update = await readUpdate(ctx, input.runId, seen);
      if (update.seq > seen) {
        seen = update.seq;
        yield update;
      }
      if (update.endedAt !== null) return;
      await bell.wait(lookAgainMs);
    }
  } finally {
    signal?.removeEventListener("abort", bell.ring);
    for (const stop of stops) stop();
  }
}

/** Before the first change a run is at 0, and its beginning has to be sent too. */
function readSeq(lastEventId: string | null | undefined): number {
  return lastEventId && /^\d{1,9}$/.test(lastEventId) ? Number(lastEventId) : -1;
}

async function readUpdate(ctx: TeamContext, runId: string, seen: number): Promise<RunUpdate> {
  const { userId, sessionId } = ctx.actor.type === "user" ? ctx.actor : { userId: "", sessionId: undefined };
  const signedIn = sessionId === undefined ? {} : { user: { sessions: { some: { id: sessionId } } } };
  const run = await ctx.db.run.findFirst({
    where: { id: runId, teamId: ctx.team.id, team: { memberships: { some: { userId, ...signedIn } } } },
    omit: { selection: true },
  });
  if (!run) throw new AppError("not-found", "run-not-found");
  // After the run: a later change may come along early and is then sent again; none can be missed.
  const news = run.seq > seen ? await readResults(ctx, run, seen) : { total: 0, groups: [], results: [] };
  return {
    seq: run.seq,
    status: run.status,
    verdict: run.verdict,
    counts: toCounts(run.counts),
    cost: toCost(run.cost),
    cancelRequested: run.cancelRequestedAt !== null,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    total: news.total,
    groups: news.groups,
    changed: news.results,
  };
}
