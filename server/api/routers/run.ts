import { tracked } from "@trpc/server";
import { z } from "zod";
import { pastResultPageSchema } from "#common/contracts/history.ts";
import {
  captureFileSchema,
  comparisonSchema,
  findingPageSchema,
  findingViewSchema,
  judgeAgainSchema,
  judgementsSchema,
  type RunUpdate,
  resultDetailSchema,
  resultPageSchema,
  runFilterSchema,
  runPageSchema,
  runUpdateSchema,
  runViewSchema,
  startRunSchema,
} from "#common/contracts/run.ts";
import { verdictSchema } from "#common/result.ts";
import { listPastResults } from "#server/domain/history/list-results.ts";
import { cancelRun } from "#server/domain/runs/cancel.ts";
import { compareRun } from "#server/domain/runs/compare.ts";
import { followRun } from "#server/domain/runs/follow.ts";
import { getRun } from "#server/domain/runs/get.ts";
import { getCapture } from "#server/domain/runs/get-capture.ts";
import { getFinding } from "#server/domain/runs/get-finding.ts";
import { getResult } from "#server/domain/runs/get-result.ts";
import { judgeRunAgain } from "#server/domain/runs/judge-again.ts";
import { readJudgements } from "#server/domain/runs/judgements.ts";
import { listRuns } from "#server/domain/runs/list.ts";
import { listFindings } from "#server/domain/runs/list-findings.ts";
import { listResults } from "#server/domain/runs/list-results.ts";
import { startRun } from "#server/domain/runs/start.ts";
import { AppError } from "#server/errors.ts";
import { toRpcError } from "../error-shape.ts";
import { trackedStreamOf } from "../tracked-stream.ts";
import { clusterProcedure, router, teamProcedure } from "../trpc.ts";

const named = z.object({ runId: z.uuid() });
const paged = z.object({
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});

export const runRouter = router({
  start: clusterProcedure("operator")
    .input(startRunSchema)
    .output(named)
    .mutation(({ ctx, input }) => startRun({ ctx: ctx.team, input })),

  get: teamProcedure("viewer")
    .input(named)
    .output(runViewSchema)
    .query(({ ctx, input }) => getRun({ ctx: ctx.team, input })),

  result: teamProcedure("viewer")
    .input(named.extend({ resultId: z.uuid() }))
    .output(resultDetailSchema)
    .query(({ ctx, input }) => getResult({ ctx: ctx.team, input })),

  capture: clusterProcedure("operator")
    .input(named.extend({ resultId: z.uuid() }))
    .output(captureFileSchema)
    .query(({ ctx, input }) => getCapture({ ctx: ctx.team, input })),

  results: teamProcedure("viewer")
    .input(
      named.extend({
        cluster: z.string().max(100),
        checkId: z.string().max(200),
        verdict: verdictSchema.optional(),
        ...paged.shape,
      }),
    )
    .output(resultPageSchema)
    .query(({ ctx, input }) => listResults({ ctx: ctx.team, input })),

  findings: teamProcedure("viewer")
    .input(
      named.extend({
        resultId: z.uuid().optional(),
        verdict: verdictSchema.exclude(["skip"]).optional(),
        ...paged.shape,
      }),
    )
    .output(findingPageSchema)
    .query(({ ctx, input }) => listFindings({ ctx: ctx.team, input })),

  finding: teamProcedure("viewer")
    .input(named.extend({ findingId: z.string().max(80) }))
    .output(findingViewSchema)
    .query(({ ctx, input }) => getFinding({ ctx: ctx.team, input })),

  follow: teamProcedure("viewer")
    .input(named.extend({ lastEventId: z.string().max(20).nullish() }))
    .output(trackedStreamOf(runUpdateSchema))
    .subscription(({ ctx, input, signal }) =>
      trackedBySeq(followRun({ ctx: ctx.team, input, notices: ctx.services.hub, signal })),
    ),

  cancel: clusterProcedure("operator")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => cancelRun({ ctx: ctx.team, input })),

  judgeAgain: clusterProcedure("operator")
    .input(judgeAgainSchema)
    .output(named)
    .mutation(({ ctx, input }) => judgeRunAgain({ ctx: ctx.team, input })),

  judgements: teamProcedure("viewer")
    .input(named)
    .output(judgementsSchema)
    .query(({ ctx, input }) => readJudgements({ ctx: ctx.team, input })),

  list: teamProcedure("viewer")
    .input(z.object({ filter: runFilterSchema.default({}), ...paged.shape }))
    .output(runPageSchema)
    .query(({ ctx, input }) => listRuns({ ctx: ctx.team, input })),

  pastResults: teamProcedure("viewer")
    .input(z.object({ filter: runFilterSchema.default({}), ...paged.shape }))
    .output(pastResultPageSchema)
    .query(({ ctx, input }) => listPastResults({ ctx: ctx.team, input })),

  compare: teamProcedure("viewer")
    .input(named.extend({ with: z.uuid().optional() }))
    .output(comparisonSchema)
    .query(({ ctx, input }) => compareRun({ ctx: ctx.team, input })),
});

/** Fails with the code of the domain's error: for an internal one the browser would try again for ever. */
async function* trackedBySeq(updates: AsyncIterable<RunUpdate>) {
  try {
    for await (const update of updates) yield tracked(String(update.seq), update);
  } catch (error) {
    throw error instanceof AppError ? toRpcError(error) : error;
  }
}
