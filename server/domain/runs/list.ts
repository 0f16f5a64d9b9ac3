import { z } from "zod";
import type { RunFilter, RunPage } from "#common/contracts/run.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { findRunIds } from "../history/find-run-ids.ts";
import { toSummaries } from "./find-run.ts";

const placeSchema = z.object({ id: z.uuid() });

type ListRuns = {
  ctx: TeamContext;
  input: { filter: RunFilter; cursor?: string | null; limit: number };
};

/** The history, newest first. A run's id begins with its time, so the id alone is the place in the list. */
export async function listRuns({ ctx, input }: ListRuns): Promise<RunPage> {
  const before = decodeCursor(placeSchema, input.cursor)?.id;
  const ids = await findRunIds(ctx, { filter: input.filter, before, limit: input.limit + 1 });
  const shown = ids.slice(0, input.limit);
  const rows = await ctx.db.run.findMany({
    where: { id: { in: shown }, teamId: ctx.team.id },
    orderBy: { id: "desc" },
    omit: { selection: true },
  });
  const last = shown.at(-1);
  return {
    items: await toSummaries(ctx, rows),
    next: ids.length > shown.length && last ? encodeCursor({ id: last }) : null,
  };
}
