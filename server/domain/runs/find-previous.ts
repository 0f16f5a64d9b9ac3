import type { TeamContext } from "../context.ts";
import { checkIdsOf, findRun } from "./find-run.ts";

type RunRow = Awaited<ReturnType<typeof findRun>>;
const lookBackRuns = 50;

/**
 * What a judgement judged; else the newest run before this one that ended, of the same runbook, and asked all of this
 * one's clusters all that it asks.
 */
export async function findPrevious(ctx: TeamContext, run: RunRow): Promise<RunRow | null> {
  if (run.judgedFromId !== null) return findRun(ctx, run.judgedFromId);
  const candidates = await ctx.db.run.findMany({
    where: {
      teamId: ctx.team.id,
      clusterIds: { hasEvery: run.clusterIds },
      runbook: run.runbook,
      status: "done",
      judgedFromId: null,
      id: { lt: run.id },
    },
    orderBy: { id: "desc" },
    take: lookBackRuns,
    omit: { selection: true },
  });
  const ids = await checkIdsOf(ctx, [run.id, ...candidates.map((candidate) => candidate.id)]);
  const wanted = ids.get(run.id) ?? [];
  const covers = (candidate: RunRow) => wanted.every((check) => ids.get(candidate.id)?.includes(check));
  return candidates.find(covers) ?? null;
}
