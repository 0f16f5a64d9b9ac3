import { tracked } from "@trpc/server";
import { z } from "zod";
import { commentPlaceSchema, commentSchema, commentTextSchema } from "#common/contracts/comment.ts";
import { addComment } from "#server/domain/comments/add.ts";
import { editComment } from "#server/domain/comments/edit.ts";
import { followTalk } from "#server/domain/comments/follow.ts";
import { listComments } from "#server/domain/comments/list.ts";
import { removeComment } from "#server/domain/comments/remove.ts";
import { AppError } from "#server/errors.ts";
import { toRpcError } from "../error-shape.ts";
import { trackedStreamOf } from "../tracked-stream.ts";
import { router, teamProcedure } from "../trpc.ts";

const named = z.object({ commentId: z.uuid() });

export const commentRouter = router({
  list: teamProcedure("viewer")
    .input(commentPlaceSchema)
    .output(z.array(commentSchema))
    .query(({ ctx, input }) => listComments({ ctx: ctx.team, input })),

  add: teamProcedure("viewer")
    .input(commentPlaceSchema.and(commentTextSchema))
    .output(named)
    .mutation(({ ctx, input }) => addComment({ ctx: ctx.team, input })),

  edit: teamProcedure("viewer")
    .input(named.extend(commentTextSchema.shape))
    .output(z.void())
    .mutation(({ ctx, input }) => editComment({ ctx: ctx.team, input })),

  remove: teamProcedure("viewer")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => removeComment({ ctx: ctx.team, input })),

  /** rings when comments there, or findings of the team, may have changed */
  follow: teamProcedure("viewer")
    .input(z.object({ place: commentPlaceSchema.optional(), lastEventId: z.string().max(20).nullish() }))
    .output(trackedStreamOf(z.object({ count: z.number().int() })))
    .subscription(({ ctx, input, signal }) =>
      trackedCounts(followTalk({ ctx: ctx.team, input, notices: ctx.services.hub, signal })),
    ),
});

async function* trackedCounts(counts: AsyncIterable<number>) {
  try {
    for await (const count of counts) yield tracked(String(count), { count });
  } catch (error) {
    throw error instanceof AppError ? toRpcError(error) : error;
  }
}
