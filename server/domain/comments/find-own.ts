import type { Comment } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";

/** A comment of this team that the actor wrote. */
export async function findOwn(ctx: TeamContext, id: string): Promise<Comment> {
  const authorId = ctx.actor.type === "user" ? ctx.actor.userId : "";
  const comment = await ctx.db.comment.findFirst({ where: { id, teamId: ctx.team.id, authorId } });
  if (!comment) throw new AppError("not-found", "comment-not-found");
  return comment;
}

export function placeOf({ runId, findingId }: Comment) {
  return { runId: runId ?? undefined, findingId: findingId ?? undefined };
}
