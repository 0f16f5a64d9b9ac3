import { z } from "zod";
import {
  findingPageSchema,
  findingViewSchema,
  resultDetailSchema,
  resultPageSchema,
} from "#common/contracts/run.ts";
import { verdictSchema } from "#common/result.ts";
import { getFinding } from "#server/domain/runs/get-finding.ts";
import { getResult } from "#server/domain/runs/get-result.ts";
import { listFindings } from "#server/domain/runs/list-findings.ts";
import { listResults } from "#server/domain/runs/list-results.ts";
import { endpoint } from "../endpoint.ts";
import { clusterSlug, paging } from "./paging.ts";

const run = z.object({ runId: z.uuid() });

export const resultEndpoints = [
  endpoint({
    method: "GET",
    path: "/runs/{runId}/results",
    id: "listResults",
    tag: "Runs",
    summary: "Results of a run: those under way first, then worst first",
    scope: "read",
    params: run,
    query: z.object({
      cluster: clusterSlug.optional(),
      check: z.string().max(200).optional(),
      verdict: verdictSchema.optional(),
      ...paging,
    }),
    answer: { name: "ResultPage", schema: resultPageSchema },
    handle: ({ ctx, params, query: { check, ...query } }) =>
      listResults({ ctx, input: { ...params, ...query, checkId: check } }),
  }),
  endpoint({
    method: "GET",
    path: "/runs/{runId}/results/{resultId}",
    id: "getResult",
    tag: "Runs",
    summary: "A result with what it measured",
    scope: "read",
    params: run.extend({ resultId: z.uuid() }),
    answer: { name: "Result", schema: resultDetailSchema.omit({ pictures: true }) },
    handle: ({ ctx, params }) => getResult({ ctx, input: params }),
  }),
  endpoint({
    method: "GET",
    path: "/runs/{runId}/findings",
    id: "listRunFindings",
    tag: "Runs",
    summary: "What a run found, worst first",
    scope: "read",
    params: run,
    query: z.object({
      result: z.uuid().optional(),
      verdict: verdictSchema.exclude(["skip"]).optional(),
      ...paging,
    }),
    answer: { name: "RunFindingPage", schema: findingPageSchema },
    handle: ({ ctx, params, query: { result, ...query } }) =>
      listFindings({ ctx, input: { ...params, ...query, resultId: result } }),
  }),
  endpoint({
    method: "GET",
    path: "/runs/{runId}/findings/{findingId}",
    id: "getRunFinding",
    tag: "Runs",
    summary: "One finding of a run, with its evidence and what to do",
    scope: "read",
    params: run.extend({ findingId: z.string().max(80) }),
    answer: { name: "RunFinding", schema: findingViewSchema },
    handle: ({ ctx, params }) => getFinding({ ctx, input: params }),
  }),
];
