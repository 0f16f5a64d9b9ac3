import { createHash } from "node:crypto";
import type { z } from "zod";
import type { startRunSchema } from "#common/contracts/run.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { AppError } from "#server/errors.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { isUniqueViolation } from "../database-errors.ts";
import { readKept } from "../params/read-kept.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";
import { enqueueRun, type QueueLimits } from "./enqueue-run.ts";
import { readSelection } from "./read-selection.ts";
import { recordStart } from "./record-start.ts";

type StartRun = {
  ctx: TeamContext;
  input: z.output<typeof startRunSchema>;
  library?: readonly Check[];
  limits?: QueueLimits;
};
/** Many who click at once wait for a connection; Prisma's own two seconds would turn that into an error. */
const patience = { maxWait: 15_000, timeout: 15_000 };

type Wanted = { clusterIds: string[]; runbook: string | null; selection: Prisma.InputJsonArray };

/** Inserts the run and its jobs together and returns at once. The same idempotency key gives the same run. */
export async function startRun({ ctx, input, library: given, limits }: StartRun): Promise<{ runId: string }> {
  const library = given ?? (await libraryOf(ctx, ctx.team.id));
  const clusterIdOf = new Map<string, string>();
  for (const slug of new Set(input.clusters))
    clusterIdOf.set(slug, (await findCluster(ctx, slug, "operator")).id);
  const clusterIds = [...clusterIdOf.values()];
  if (input.runbook !== null && !(await runbooksOf(ctx)).has(input.runbook)) {
    throw new AppError("not-found", "runbook-not-found");
  }
  const checkIds = input.checks.map(({ id }) => id);
  const keptOf = await readKept(ctx, { checkIds, clusterIds });
  const selection = readSelection(input, library, { clusterIds, keptOf, clusterIdOf });
  const wanted: Wanted = { clusterIds, runbook: input.runbook, selection };
  const asked = hashOf([clusterIds, input.runbook, input.checks, input.confirmActive]);
  const earlier = await findEarlier(ctx, input.idempotencyKey, asked);
  if (earlier) return earlier;
  try {
    return { runId: await insert(ctx, { key: input.idempotencyKey, asked }, wanted, { input, limits }) };
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
  { input, limits }: Pick<StartRun, "input" | "limits">,
): Promise<string> {
  const teamId = ctx.team.id;
  return ctx.db.$transaction(async (tx) => {
    const run = {
      ...wanted,
      requestedById: "userId" in ctx.actor ? ctx.actor.userId : null,
      requestedBy: ctx.actor.type === "nobody" ? "nobody" : ctx.actor.name,
      createdAt: ctx.now(),
    };
    const runId = await enqueueRun(ctx, tx, run, limits);
    await tx.runRequest.create({ data: { teamId, key: request.key, runId, bodyHash: request.asked } });
    await recordStart(tx, ctx, { runId, input });
    return runId;
  }, patience);
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
