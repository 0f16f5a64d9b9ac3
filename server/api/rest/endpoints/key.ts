import { z } from "zod";
import { apiKeyViewSchema } from "#common/contracts/api-key.ts";
import { endpoint } from "../endpoint.ts";

const keySchema = apiKeyViewSchema.pick({
  id: true,
  name: true,
  scopes: true,
  scopesNow: true,
  expiresAt: true,
});

export const keyEndpoints = [
  endpoint({
    method: "GET",
    path: "/key",
    id: "getKey",
    tag: "Key",
    summary: "The key that asks: its team, what it was made for and what of that its maker still may",
    scope: null,
    answer: {
      name: "Key",
      schema: keySchema.extend({ team: z.object({ slug: z.string(), name: z.string() }) }),
    },
    handle: async ({ ctx, holder }) => ({
      ...holder.key,
      scopes: holder.scopes.granted,
      scopesNow: holder.scopes.now,
      team: ctx.team,
    }),
  }),
];
