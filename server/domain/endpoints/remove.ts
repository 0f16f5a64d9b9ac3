import type { z } from "zod";
import type { removeEndpointSchema } from "#common/contracts/endpoint.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findEndpoint } from "./find-endpoint.ts";

type RemoveEndpoint = { ctx: TeamContext; input: z.output<typeof removeEndpointSchema> };

/** Forgets an endpoint, its secret and what it looked like last. Its past results stay. */
export async function removeEndpoint({ ctx, input }: RemoveEndpoint): Promise<void> {
  const { id, clusterId, kind, name } = await findEndpoint(ctx, input, "admin");
  const teamId = ctx.team.id;
  await ctx.db.$transaction(async (tx) => {
    await tx.credential.deleteMany({ where: { connectionId: id, teamId } });
    await tx.checkState.deleteMany({ where: { clusterId, teamId, target: `${kind}:${name}` } });
    await tx.connection.deleteMany({ where: { id, teamId } });
    await recordAudit(tx, ctx, {
      action: "endpoint.removed",
      subject: { kind: "endpoint", id, name },
      details: { cluster: input.cluster, kind },
    });
  });
}
