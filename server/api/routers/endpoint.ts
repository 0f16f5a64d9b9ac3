import { z } from "zod";
import { slugSchema } from "#common/contracts/cluster.ts";
import {
  addEndpointSchema,
  endpointViewSchema,
  removeEndpointSchema,
  replaceEndpointSecretSchema,
  updateEndpointSchema,
} from "#common/contracts/endpoint.ts";
import { addEndpoint } from "#server/domain/endpoints/add.ts";
import { listEndpoints } from "#server/domain/endpoints/list.ts";
import { removeEndpoint } from "#server/domain/endpoints/remove.ts";
import { replaceEndpointSecret } from "#server/domain/endpoints/replace-secret.ts";
import { updateEndpoint } from "#server/domain/endpoints/update.ts";
import { clusterProcedure, router, teamProcedure } from "../trpc.ts";

/** Endpoints of a cluster. Their test is that of any connection: cluster.test. */
export const endpointRouter = router({
  list: teamProcedure("viewer")
    .input(z.object({ cluster: slugSchema }))
    .output(z.array(endpointViewSchema))
    .query(({ ctx, input }) => listEndpoints({ ctx: ctx.team, input })),

  add: clusterProcedure("admin")
    .input(addEndpointSchema)
    .output(z.object({ connectionId: z.uuid() }))
    .mutation(({ ctx, input }) => addEndpoint({ ctx: ctx.team, input })),

  update: clusterProcedure("admin")
    .input(updateEndpointSchema)
    .output(z.object({ secretDropped: z.boolean() }))
    .mutation(({ ctx, input }) => updateEndpoint({ ctx: ctx.team, input })),

  replaceSecret: clusterProcedure("admin")
    .input(replaceEndpointSecretSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => replaceEndpointSecret({ ctx: ctx.team, input })),

  remove: clusterProcedure("admin")
    .input(removeEndpointSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => removeEndpoint({ ctx: ctx.team, input })),
});
