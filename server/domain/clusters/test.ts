import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { lookAtHosts } from "../hosts/look.ts";
import { connectionSettingsSchema } from "./connection-settings.ts";
import { findCluster } from "./find-cluster.ts";

/** Queues a test of one connection. */
export async function testConnection({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string; connectionId: string };
}): Promise<void> {
  const cluster = await findCluster(ctx, input.cluster, "operator");
  const connection = cluster.connections.find((each) => each.id === input.connectionId);
  if (!connection) throw new AppError("not-found", "connection-not-found");
  if (connection.kind === "ssh") return lookAtHosts({ ctx, input }, { login: true });
  const settings = connectionSettingsSchema.parse(connection.settings);
  await ctx.db.$transaction(async (tx) => {
    await tx.connection.update({
      where: { id: connection.id },
      data: { settings: { ...settings, testRequestedAt: ctx.now().toISOString() } },
    });
    await ctx.queue.enqueue(tx, "test-connection", { connectionId: connection.id, teamId: ctx.team.id });
  });
}
