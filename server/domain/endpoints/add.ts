import type { z } from "zod";
import type { addEndpointSchema } from "#common/contracts/endpoint.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { isUniqueViolation } from "../database-errors.ts";
import { admitEndpoint, admitSecret } from "./admit.ts";
import { storeSecret } from "./store-secret.ts";

const mostEndpoints = 200;

type AddEndpoint = { ctx: TeamContext; input: z.output<typeof addEndpointSchema> };

/** Registers an endpoint of a cluster, seals its secret and queues a first test. */
export async function addEndpoint({ ctx, input }: AddEndpoint): Promise<{ connectionId: string }> {
  const cluster = await findCluster(ctx, input.cluster, "admin");
  const endpoint = admitEndpoint(input.endpoint);
  admitSecret(endpoint, input.secret);
  if (cluster.connections.length >= mostEndpoints) throw new AppError("too-many", "too-many-endpoints");
  const place = { teamId: ctx.team.id, clusterId: cluster.id };
  try {
    return await ctx.db.$transaction(async (tx) => {
      const { id } = await tx.connection.create({
        data: {
          ...{ ...place, kind: endpoint.kind, name: input.name, address: endpoint.address },
          settings: { endpoint, testRequestedAt: ctx.now().toISOString() },
        },
        select: { id: true },
      });
      await storeSecret(ctx, tx, { connectionId: id, secret: input.secret });
      await ctx.queue.enqueue(tx, "test-connection", { connectionId: id, teamId: ctx.team.id });
      await recordAudit(tx, ctx, {
        action: "endpoint.added",
        subject: { kind: "endpoint", id, name: input.name },
        details: { cluster: cluster.name, kind: endpoint.kind, address: endpoint.address },
      });
      return { connectionId: id };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("conflict", "invalid", { fields: { name: "name-taken" } });
  }
}
