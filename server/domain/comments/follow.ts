import type { CommentPlace } from "#common/contracts/comment.ts";
import { AppError } from "#server/errors.ts";
import { createBell } from "../bell.ts";
import type { TeamContext } from "../context.ts";
import { findingsTopic } from "../findings/notify.ts";
import type { RunNotices } from "../runs/follow.ts";
import { findPlace } from "./find-place.ts";
import { commentsTopic } from "./notify.ts";

const lookAgainMs = 30_000;

type Follow = {
  ctx: TeamContext;
  /** without a place: the lives of the team's findings */
  input: { place?: CommentPlace };
  notices: RunNotices;
  signal?: AbortSignal;
};

/**
 * Counts up whenever something may have changed, to be asked for again; says nothing of what. Membership and session
 * are asked each time: who is removed from the team or signs out hears no more.
 */
export async function* followTalk({ ctx, input, notices, signal }: Follow): AsyncGenerator<number, void> {
  const topics = [findingsTopic(ctx.team.id)];
  if (input.place) {
    const { runId, findingId } = await findPlace(ctx, input.place);
    topics.push(commentsTopic({ runId: runId ?? undefined, findingId: findingId ?? undefined }));
  }
  const bell = createBell();
  const stops = topics.map((topic) => notices.subscribe(topic, bell.ring));
  signal?.addEventListener("abort", bell.ring);
  try {
    for (let count = 1; !signal?.aborted; count += 1) {
      await requireStillMember(ctx);
      yield count;
      await bell.wait(lookAgainMs);
    }
  } finally {
    signal?.removeEventListener("abort", bell.ring);
    for (const stop of stops) stop();
  }
}

async function requireStillMember(ctx: TeamContext): Promise<void> {
  const { userId, sessionId } = ctx.actor.type === "user" ? ctx.actor : { userId: "", sessionId: undefined };
  const signedIn = sessionId === undefined ? {} : { user: { sessions: { some: { id: sessionId } } } };
  const member = await ctx.db.membership.count({ where: { teamId: ctx.team.id, userId, ...signedIn } });
  if (member === 0) throw new AppError("not-found", "team-not-found");
}
