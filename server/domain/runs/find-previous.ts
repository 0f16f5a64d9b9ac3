import type { TeamContext } from "../context.ts";
import { checkIdsOf, type findRun } from "./find-run.ts";

type RunRow = Awaited<ReturnType<typeof findRun>>;
const lookBackRuns = 50;

/** The newest run before this one that ended, of the same runbook and cluster, and asked all that this one asks. */
export async function findPrevious(ctx: TeamContext, run: RunRow): Promise<RunRow | null> {
  const candidates = await ctx.db.run.findMany({
    where: {
      teamId: ctx.team.id,
      clusterId: run.clusterId,
      runbook: run.runbook,
      status: "done",
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
