import type { CommentPlace } from "#common/contracts/comment.ts";

/** What followers of the comments below a run or a finding subscribe to. */
export function commentsTopic({ runId, findingId }: CommentPlace): string {
  return `comments ${findingId ?? runId}`;
}
