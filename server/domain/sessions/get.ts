import { z } from "zod";
import { type SessionView, sessionStepSchema, sessionViewSchema } from "#common/contracts/runbook-session.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { readState } from "./state.ts";

/** A session with its text. */
export async function getSession({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { sessionId: string };
}): Promise<SessionView> {
  const text = await ctx.db.runbookSession.findFirst({
    where: { id: input.sessionId, teamId: ctx.team.id },
    select: { article: true, steps: true },
  });
  if (!text) throw new AppError("not-found", "session-not-found");
  return {
    state: await readState(ctx, input.sessionId),
    steps: z.array(sessionStepSchema).parse(text.steps),
    article: sessionViewSchema.shape.article.parse(text.article),
  };
}
