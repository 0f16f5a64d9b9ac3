import type { RequestBudget } from "#common/contracts/cluster.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findCluster } from "./find-cluster.ts";

type SetBudget = {
  ctx: TeamContext;
  input: { cluster: string; connectionId: string; budget: RequestBudget };
};

/** What all workers together may ask of a cluster's API. The next part of a run that begins keeps to it. */
export async function setBudget({ ctx, input }: SetBudget): Promise<void> {
  const cluster = await findCluster(ctx, input.cluster, "admin");
  const connection = cluster.connections.find(({ id }) => id === input.connectionId);
  if (connection?.kind !== "kubernetes") throw new AppError("not-found", "connection-not-found");
  const change = JSON.stringify({ budget: input.budget });
  // The rest of the settings stays as it is by now; the connection's report stays valid.
  await ctx.db.$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE connection SET settings = settings || ${change}::jsonb
      WHERE id = ${connection.id}::uuid AND "teamId" = ${ctx.team.id}::uuid`;
    await recordAudit(tx, ctx, {
      action: "cluster.budgetChanged",
      subject: { kind: "cluster", id: cluster.id, name: cluster.name },
      details: input.budget,
    });
  });
}
