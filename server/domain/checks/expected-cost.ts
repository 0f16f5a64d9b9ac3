import type { ExpectedCost } from "#common/contracts/runbook.ts";
import { costSchema } from "#common/result.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";

/** How many targets a check asks on a cluster, and with how many calls: as it was when it last ran there. */
export async function expectedCost({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string; check: string };
}): Promise<ExpectedCost | null> {
  const { id: clusterId } = await findCluster(ctx, input.cluster);
  const where: Prisma.ResultWhereInput = {
    ...{ teamId: ctx.team.id, clusterId, checkId: input.check },
    // What was judged again or not asked at all has cost nothing.
    ...{ phase: "done", factsRunId: null, target: { not: "none" } },
  };
  const newest = await ctx.db.result.findFirst({
    where,
    orderBy: { runId: "desc" },
    select: { runId: true },
  });
  if (!newest) return null;
  const results = await ctx.db.result.findMany({
    where: { ...where, runId: newest.runId },
    select: { cost: true },
    take: 10_000,
  });
  const calls = results.reduce((sum, { cost }) => sum + (costSchema.safeParse(cost).data?.calls ?? 0), 0);
  return { targets: results.length, calls };
}
