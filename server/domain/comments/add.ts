import type { z } from "zod";
import type { CommentPlace, commentTextSchema } from "#common/contracts/comment.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { actorOf } from "../findings/change.ts";
import { notifyFindings } from "../findings/notify.ts";
import { notifyRun } from "../runs/notify.ts";
import { findPlace } from "./find-place.ts";
import { mostComments } from "./list.ts";
import { commentsTopic } from "./notify.ts";
import { requireMembers } from "./require-members.ts";

/** Writes below a run or a finding; of a finding it is part of its life. */
export async function addComment({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: CommentPlace & z.output<typeof commentTextSchema>;
}): Promise<{ commentId: string }> {
  const place = await findPlace(ctx, input);
  const mentions = await requireMembers(ctx, input.mentions);
  const teamId = ctx.team.id;
  if ((await ctx.db.comment.count({ where: { teamId, ...place } })) >= mostComments)
    throw new AppError("too-many", "comment-too-many");
  const { id: authorId, name: author } = actorOf(ctx);
  return ctx.db.$transaction(async (tx) => {
    const { id } = await tx.comment.create({
      data: { teamId, ...place, authorId, author, mentions, text: input.text, createdAt: ctx.now() },
    });
    if (place.findingId !== null) {
      const { clusterId, fingerprint, verdict } = await tx.findingState.findUniqueOrThrow({
        where: { id: place.findingId },
      });
      await tx.findingEvent.create({
        data: {
          ...{ teamId, clusterId, findingId: place.findingId, fingerprint, verdict },
          ...{ kind: "commented", actorId: authorId, actor: author, commentId: id },
        },
      });
    }
    await notifyRun(tx, commentsTopic(input));
    await notifyFindings(tx, teamId);
    return { commentId: id };
  });
}
