import { z } from "zod";
import {
  runbookListInputSchema,
  runbookSummarySchema,
  runbookViewSchema,
} from "#common/contracts/runbook.ts";
import { getRunbook } from "#server/domain/runbooks/get.ts";
import { listRunbooks } from "#server/domain/runbooks/list.ts";
import { endpoint } from "../endpoint.ts";
import { listOf } from "./paging.ts";

/** What a program wants of a runbook; its text is for the page. */
const runbookSchema = runbookViewSchema.omit({
  article: true,
  headings: true,
  strip: true,
  previous: true,
  next: true,
});

export const runbookEndpoints = [
  endpoint({
    method: "GET",
    path: "/runbooks",
    id: "listRunbooks",
    tag: "Runbooks",
    summary: "The runbooks, the product's and the team's; `verdict` is that of the cluster that is named",
    scope: "read",
    query: runbookListInputSchema,
    answer: { name: "RunbookList", schema: listOf(runbookSummarySchema) },
    handle: async ({ ctx, query }) => ({ items: await listRunbooks({ ctx, input: query }) }),
  }),
  endpoint({
    method: "GET",
    path: "/runbooks/{runbook}",
    id: "getRunbook",
    tag: "Runbooks",
    summary: "A runbook by its slug, with its checks and how they last stood on the cluster that is named",
    scope: "read",
    params: z.object({ runbook: z.string().min(1).max(100) }),
    query: runbookListInputSchema.pick({ cluster: true, locale: true }),
    answer: { name: "Runbook", schema: runbookSchema },
    handle: ({ ctx, params, query }) => getRunbook({ ctx, input: { slug: params.runbook, ...query } }),
  }),
];
