import type { CommentPlace } from "#common/contracts/comment.ts";
import type { TeamContext } from "../context.ts";
import { findLife } from "../findings/find-life.ts";
import { findRun } from "../runs/find-run.ts";

type Found = { runId: string; findingId: null } | { runId: null; findingId: string };

/** What is commented on, if it is this team's. */
export async function findPlace(ctx: TeamContext, { runId, findingId }: CommentPlace): Promise<Found> {
  if (findingId === undefined) return { runId: (await findRun(ctx, runId ?? "")).id, findingId: null };
  return { runId: null, findingId: (await findLife(ctx, findingId)).id };
}
