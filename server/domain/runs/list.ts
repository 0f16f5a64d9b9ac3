import { z } from "zod";
import type { RunFilter, RunPage } from "#common/contracts/run.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { findRuns } from "../history/find-runs.ts";
import { toRunSummary } from "./views.ts";

const placeSchema = z.object({ id: z.uuid() });

type ListRuns = {
  ctx: TeamContext;
  input: { filter: RunFilter; cursor?: string | null; limit: number };
};

/** The history, newest first. A run's id begins with its time, so the id alone is the place in the list. */
export async function listRuns({ ctx, input }: ListRuns): Promise<RunPage> {
  const before = decodeCursor(placeSchema, input.cursor)?.id;
  const found = await findRuns(ctx, { filter: input.filter, before, limit: input.limit + 1 });
  const shown = found.slice(0, input.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ clusters, checks, ...run }) => toRunSummary(run, { clusters, checks })),
    next: found.length > shown.length && last ? encodeCursor({ id: last.id }) : null,
  };
}
