import type { SessionState } from "#common/contracts/runbook-session.ts";
import { AppError } from "#server/errors.ts";
import { createBell } from "../bell.ts";
import type { TeamContext } from "../context.ts";
import type { RunNotices } from "../runs/follow.ts";
import { notifyRun } from "../runs/notify.ts";
import { readState } from "./state.ts";

/** Notices may be lost with their connection; looking by ourselves bounds what that costs. */
const lookAgainMs = 5_000;
/** Well below the time after which somebody counts as gone. */
const sayHereEveryMs = 10_000;

type FollowSession = {
  ctx: TeamContext;
  input: { sessionId: string };
  notices: RunNotices;
  signal?: AbortSignal;
};

/**
 * The session as it is, and again whenever something of it changed: ticks, notes, runs, who is here. Each message is
 * whole, so that a stream that is opened again has lost nothing. Membership and sign-in are asked again each time.
 */
export async function* followSession(follow: FollowSession): AsyncGenerator<SessionState, void> {
  const { ctx, input, notices, signal } = follow;
  const bell = createBell();
  const stops = new Map([[input.sessionId, notices.subscribe(input.sessionId, bell.ring)]]);
  signal?.addEventListener("abort", bell.ring);
  let sent = "";
  let hereAt = Number.NEGATIVE_INFINITY;
  try {
    while (!signal?.aborted) {
      await requireStillMember(ctx);
      if (performance.now() - hereAt >= sayHereEveryMs) {
        await sayHere(ctx, input.sessionId, hereAt < 0);
        hereAt = performance.now();
      }
      const state = await readState(ctx, input.sessionId);
      const text = JSON.stringify(state);
      if (text !== sent) yield state;
      sent = text;
      for (const { id, status } of state.runs) {
        const isLive = status === "queued" || status === "running";
        if (isLive && !stops.has(id)) stops.set(id, notices.subscribe(id, bell.ring));
      }
      await bell.wait(lookAgainMs);
    }
  } finally {
    signal?.removeEventListener("abort", bell.ring);
    for (const stop of stops.values()) stop();
    await sayGone(ctx, input.sessionId);
  }
}

async function requireStillMember(ctx: TeamContext): Promise<void> {
  if (ctx.actor.type !== "user") return;
  const { userId, sessionId } = ctx.actor;
  const signedIn = sessionId === undefined ? {} : { user: { sessions: { some: { id: sessionId } } } };
  const member = await ctx.db.membership.findFirst({ where: { teamId: ctx.team.id, userId, ...signedIn } });
  if (!member) throw new AppError("not-found", "session-not-found");
}

async function sayHere(ctx: TeamContext, sessionId: string, isNew: boolean): Promise<void> {
  if (ctx.actor.type !== "user") return;
  const { userId, name } = ctx.actor;
  // Another team's session has nobody of ours in it, and is not told of.
  const session = await ctx.db.runbookSession.findFirst({
    where: { id: sessionId, teamId: ctx.team.id },
    select: { id: true },
  });
  if (!session) throw new AppError("not-found", "session-not-found");
  const seenAt = new Date();
  await ctx.db.sessionPresence.upsert({
    where: { sessionId_userId: { sessionId, userId } },
    create: { sessionId, userId, name, seenAt },
    update: { name, seenAt },
  });
  if (isNew) await notifyRun(ctx.db, sessionId);
}

async function sayGone(ctx: TeamContext, sessionId: string): Promise<void> {
  if (ctx.actor.type !== "user") return;
  await ctx.db.sessionPresence.deleteMany({ where: { sessionId, userId: ctx.actor.userId } });
  await notifyRun(ctx.db, sessionId);
}
