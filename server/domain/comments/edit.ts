import type { z } from "zod";
import type { commentTextSchema } from "#common/contracts/comment.ts";
import type { TeamContext } from "../context.ts";
import { notifyRun } from "../runs/notify.ts";
import { findOwn, placeOf } from "./find-own.ts";
import { commentsTopic } from "./notify.ts";
import { requireMembers } from "./require-members.ts";

/** Says it otherwise; that it was changed is shown. */
export async function editComment({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { commentId: string } & z.output<typeof commentTextSchema>;
}): Promise<void> {
  const comment = await findOwn(ctx, input.commentId);
  const mentions = await requireMembers(ctx, input.mentions);
  await ctx.db.$transaction(async (tx) => {
    await tx.comment.updateMany({
      where: { id: comment.id, teamId: ctx.team.id },
      data: { text: input.text, mentions, editedAt: ctx.now() },
    });
    await notifyRun(tx, commentsTopic(placeOf(comment)));
  });
}
