import type { z } from "zod";
import type { removeEndpointSchema } from "#common/contracts/endpoint.ts";
import type { TeamContext } from "../context.ts";
import { findEndpoint } from "./find-endpoint.ts";

type RemoveEndpoint = { ctx: TeamContext; input: z.output<typeof removeEndpointSchema> };

/** Forgets an endpoint, its secret and what it looked like last. Its past results stay. */
export async function removeEndpoint({ ctx, input }: RemoveEndpoint): Promise<void> {
  const { id, clusterId, kind, name } = await findEndpoint(ctx, input, "admin");
  const teamId = ctx.team.id;
  await ctx.db.$transaction([
    ctx.db.credential.deleteMany({ where: { connectionId: id, teamId } }),
    ctx.db.checkState.deleteMany({ where: { clusterId, teamId, target: `${kind}:${name}` } }),
    ctx.db.connection.deleteMany({ where: { id, teamId } }),
  ]);
}
