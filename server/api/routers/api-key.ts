import { z } from "zod";
import { apiKeyViewSchema, createApiKeySchema, createdApiKeySchema } from "#common/contracts/api-key.ts";
import { createApiKey } from "#server/domain/api-keys/create.ts";
import { listApiKeys } from "#server/domain/api-keys/list.ts";
import { revokeApiKey } from "#server/domain/api-keys/revoke.ts";
import { router, teamProcedure } from "../trpc.ts";

export const apiKeyRouter = router({
  list: teamProcedure("viewer")
    .output(z.array(apiKeyViewSchema))
    .query(({ ctx }) => listApiKeys({ ctx: ctx.team })),

  create: teamProcedure("admin")
    .input(createApiKeySchema)
    .output(createdApiKeySchema)
    .mutation(({ ctx, input }) => createApiKey({ ctx: ctx.team, input })),

  /** Members end their own keys, admins those of anybody in the team. */
  revoke: teamProcedure("viewer")
    .input(z.object({ keyId: z.uuid() }))
    .output(z.void())
    .mutation(({ ctx, input }) => revokeApiKey({ ctx: ctx.team, input })),
});
