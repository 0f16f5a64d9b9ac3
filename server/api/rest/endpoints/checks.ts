import { z } from "zod";
import { checkViewSchema } from "#common/contracts/runbook.ts";
import { targetKinds } from "#common/result.ts";
import { listChecks } from "#server/domain/checks/list.ts";
import { libraryOf } from "#server/domain/team-runbooks/library-of.ts";
import { endpoint } from "../endpoint.ts";
import { listOf } from "./paging.ts";

export const checkEndpoints = [
  endpoint({
    method: "GET",
    path: "/checks",
    id: "listChecks",
    tag: "Checks",
    summary: "The checks there are, the product's and the team's, with their parameters and what they read",
    scope: "read",
    query: z.object({ id: z.string().min(1).max(200).optional(), target: z.enum(targetKinds).optional() }),
    answer: { name: "CheckList", schema: listOf(checkViewSchema) },
    handle: async ({ ctx, query }) => {
      const library = (await libraryOf(ctx, ctx.team.id)).filter(
        ({ id, target }) => (query.id ?? id) === id && (query.target ?? target) === target,
      );
      return { items: await listChecks({ library }) };
    },
  }),
];
