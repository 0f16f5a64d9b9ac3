import { tracked } from "@trpc/server";
import { z } from "zod";
import {
  closeSessionSchema,
  type SessionState,
  sessionNoteSchema,
  sessionPageSchema,
  sessionRunSchema,
  sessionStateSchema,
  sessionViewSchema,
  startSessionSchema,
} from "#common/contracts/runbook-session.ts";
import { addNote } from "#server/domain/sessions/add-note.ts";
import { closeSession } from "#server/domain/sessions/close.ts";
import { followSession } from "#server/domain/sessions/follow.ts";
import { getSession } from "#server/domain/sessions/get.ts";
import { listSessions } from "#server/domain/sessions/list.ts";
import { reopenSession } from "#server/domain/sessions/reopen.ts";
import { startSession } from "#server/domain/sessions/start.ts";
import { startSessionRun } from "#server/domain/sessions/start-run.ts";
import { tickStep } from "#server/domain/sessions/tick.ts";
import { AppError } from "#server/errors.ts";
import { toRpcError } from "../error-shape.ts";
import { trackedStreamOf } from "../tracked-stream.ts";
import { clusterProcedure, router, teamProcedure } from "../trpc.ts";

const named = z.object({ sessionId: z.uuid() });

export const runbookSessionRouter = router({
  list: teamProcedure("viewer")
    .input(
      z.object({
        open: z.boolean(),
        runbook: z.string().max(200).optional(),
        cursor: z.string().max(500).nullish(),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(sessionPageSchema)
    .query(({ ctx, input }) => listSessions({ ctx: ctx.team, input })),

  get: teamProcedure("viewer")
    .input(named)
    .output(sessionViewSchema)
    .query(({ ctx, input }) => getSession({ ctx: ctx.team, input })),

  follow: teamProcedure("viewer")
    .input(named.extend({ lastEventId: z.string().max(20).nullish() }))
    .output(trackedStreamOf(sessionStateSchema))
    .subscription(({ ctx, input, signal }) =>
      trackedBySeq(followSession({ ctx: ctx.team, input, notices: ctx.services.hub, signal })),
    ),

  start: clusterProcedure("operator")
    .input(startSessionSchema)
    .output(named)
    .mutation(({ ctx, input }) => startSession({ ctx: ctx.team, input })),

  tick: clusterProcedure("operator")
    .input(named.extend({ step: z.int().min(1).max(10_000), done: z.boolean() }))
    .output(z.void())
    .mutation(({ ctx, input }) => tickStep({ ctx: ctx.team, input })),

  note: clusterProcedure("operator")
    .input(named.extend(sessionNoteSchema.shape))
    .output(z.void())
    .mutation(({ ctx, input }) => addNote({ ctx: ctx.team, input })),

  run: clusterProcedure("operator")
    .input(named.extend(sessionRunSchema.shape))
    .output(z.object({ runId: z.uuid() }))
    .mutation(({ ctx, input }) => startSessionRun({ ctx: ctx.team, input })),

  close: clusterProcedure("operator")
    .input(named.extend(closeSessionSchema.shape))
    .output(z.void())
    .mutation(({ ctx, input }) => closeSession({ ctx: ctx.team, input })),

  reopen: clusterProcedure("operator")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => reopenSession({ ctx: ctx.team, input })),
});

async function* trackedBySeq(states: AsyncIterable<SessionState>) {
  try {
    for await (const state of states) yield tracked(String(state.seq), state);
  } catch (error) {
    throw error instanceof AppError ? toRpcError(error) : error;
  }
}
