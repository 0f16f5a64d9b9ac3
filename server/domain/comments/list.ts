import type { CommentPlace, CommentView } from "#common/contracts/comment.ts";
import type { TeamContext } from "../context.ts";
import { findPlace } from "./find-place.ts";

/** There are never more below one run or finding. */
export const mostComments = 500;

/** The comments below a run or a finding, oldest first. */
export async function listComments({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: CommentPlace;
}): Promise<CommentView[]> {
  const place = await findPlace(ctx, input);
  const comments = await ctx.db.comment.findMany({
    where: { teamId: ctx.team.id, ...place },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: mostComments,
  });
  const ids = [...new Set(comments.flatMap(({ mentions }) => mentions))];
  const members = await ctx.db.membership.findMany({
    where: { teamId: ctx.team.id, userId: { in: ids } },
    select: { userId: true, user: { select: { name: true } } },
  });
  const names = new Map(members.map(({ userId, user }) => [userId, user.name]));
  const me = ctx.actor.type === "user" ? ctx.actor.userId : null;
  return comments.map(({ id, text, author, authorId, createdAt, editedAt, mentions }) => ({
    ...{ id, text, author, mine: me !== null && authorId === me, createdAt, editedAt },
    mentions: mentions.flatMap((userId) => names.get(userId) ?? []),
  }));
}
