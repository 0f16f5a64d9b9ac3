import type { RunView } from "#common/contracts/run.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { findRun, toSummaries } from "./find-run.ts";
import { ignoredOf } from "./ignored.ts";
import { readResults } from "./read-results.ts";
import { runErrorText } from "./run-error.ts";

/** A run with its results, or their sums where they are many, and none of their findings. */
export async function getRun({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId: string };
}): Promise<RunView> {
  // The run first: a change that lands between the two reads is in the results, and is sent once more, not lost.
  const run = await findRun(ctx, input.runId);
  const results = await readResults(ctx, run);
  const [summary] = await toSummaries(ctx, [run]);
  if (!summary) throw new AppError("not-found", "run-not-found");
  return {
    ...summary,
    cancelRequested: run.cancelRequestedAt !== null,
    error: runErrorText(run.error),
    ignored: await ignoredOf(ctx, run.id),
    seq: run.seq,
    ...results,
  };
}
