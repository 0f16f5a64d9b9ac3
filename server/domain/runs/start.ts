import { createHash } from "node:crypto";
import type { z } from "zod";
import type { startRunSchema } from "#common/contracts/run.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { AppError } from "#server/errors.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { isUniqueViolation } from "../database-errors.ts";
import { loadRunbooks } from "../runbooks/load-runbooks.ts";
import { notifyRun } from "./notify.ts";
import { readSelection } from "./read-selection.ts";

type StartRun = { ctx: TeamContext; input: z.output<typeof startRunSchema>; library?: readonly Check[] };
type Wanted = { clusterId: string; runbook: string | null; selection: Prisma.InputJsonArray };

/** Inserts the run and its job together and returns at once. The same idempotency key gives the same run. */
export async function startRun({ ctx, input, library = checks }: StartRun): Promise<{ runId: string }> {
  const cluster = await findCluster(ctx, input.cluster);
  if (input.runbook !== null && !(await loadRunbooks()).has(input.runbook)) {
    throw new AppError("not-found", "runbook-not-found");
  }
  const selection = readSelection(input, library);
  const wanted: Wanted = { clusterId: cluster.id, runbook: input.runbook, selection };
  const earlier = await findEarlier(ctx, input.idempotencyKey, wanted);
  if (earlier) return earlier;
  try {
    return { runId: await insert(ctx, input.idempotencyKey, wanted) };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // The same click arrived twice and the other one was first: its run is this one's too.
    const first = await findEarlier(ctx, input.idempotencyKey, wanted);
    if (!first) throw error;
    return first;
  }
}

async function insert(ctx: TeamContext, key: string, wanted: Wanted): Promise<string> {
  const teamId = ctx.team.id;
  return ctx.db.$transaction(async (tx) => {
    const run = await tx.run.create({
      data: {
        teamId,
        ...wanted,
        requestedById: ctx.actor.type === "user" ? ctx.actor.userId : null,
        requestedBy: ctx.actor.type === "nobody" ? "nobody" : ctx.actor.name,
        createdAt: ctx.now(),
      },
      select: { id: true },
    });
    await tx.runRequest.create({ data: { teamId, key, runId: run.id, bodyHash: hashOf(wanted) } });
    await ctx.queue.enqueue(tx, "run-checks", { runId: run.id, teamId });
    await notifyRun(tx, run.id);
    return run.id;
  });
}

async function findEarlier(ctx: TeamContext, key: string, wanted: Wanted) {
  const teamId = ctx.team.id;
  const request = await ctx.db.runRequest.findUnique({ where: { teamId_key: { teamId, key } } });
  if (!request) return null;
  if (request.bodyHash !== hashOf(wanted)) throw new AppError("conflict", "idempotency-key-reused");
  return { runId: request.runId };
}

function hashOf(wanted: Wanted): string {
  return createHash("sha256").update(JSON.stringify(wanted)).digest("hex");
}
