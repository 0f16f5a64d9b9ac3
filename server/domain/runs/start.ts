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
import { readKept } from "../params/read-kept.ts";
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
  const checkIds = input.checks.map(({ id }) => id);
  const clusterIds = [cluster.id];
  const keptOf = await readKept(ctx, { checkIds, clusterIds });
  const selection = readSelection(input, library, { clusterIds, keptOf });
  const wanted: Wanted = { clusterId: cluster.id, runbook: input.runbook, selection };
  const asked = hashOf([cluster.id, input.runbook, input.checks]);
  const earlier = await findEarlier(ctx, input.idempotencyKey, asked);
  if (earlier) return earlier;
  try {
    return { runId: await insert(ctx, { key: input.idempotencyKey, asked }, wanted) };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // The same click arrived twice and the other one was first: its run is this one's too.
    const first = await findEarlier(ctx, input.idempotencyKey, asked);
    if (!first) throw error;
    return first;
  }
}

async function insert(
  ctx: TeamContext,
  request: { key: string; asked: string },
  wanted: Wanted,
): Promise<string> {
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
    await tx.runRequest.create({
      data: { teamId, key: request.key, runId: run.id, bodyHash: request.asked },
    });
    await ctx.queue.enqueue(tx, "run-checks", { runId: run.id, teamId });
    await notifyRun(tx, run.id);
    return run.id;
  });
}

async function findEarlier(ctx: TeamContext, key: string, asked: string) {
  const teamId = ctx.team.id;
  const request = await ctx.db.runRequest.findUnique({ where: { teamId_key: { teamId, key } } });
  if (!request) return null;
  if (request.bodyHash !== asked) throw new AppError("conflict", "idempotency-key-reused");
  return { runId: request.runId };
}

/** Of what was asked for, not of what it came to: kept parameters may change before a request is repeated. */
function hashOf(asked: unknown): string {
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex");
}
