import type { TeamContext } from "../context.ts";
import { notifyRun } from "../runs/notify.ts";
import { findOwn, placeOf } from "./find-own.ts";
import { commentsTopic } from "./notify.ts";

/** Takes back what the actor wrote, out of the life of the finding too. */
export async function removeComment({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { commentId: string };
}): Promise<void> {
  const comment = await findOwn(ctx, input.commentId);
  await ctx.db.$transaction(async (tx) => {
    await tx.comment.deleteMany({ where: { id: comment.id, teamId: ctx.team.id } });
    await notifyRun(tx, commentsTopic(placeOf(comment)));
  });
}
