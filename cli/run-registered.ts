import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type RunSelection, runSelectionSchema } from "#common/contracts/run.ts";
import type { Check } from "#server/checks/define-check.ts";
import { type Database, openDatabase } from "#server/db.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { readReport } from "#server/domain/run-exports/read-report.ts";
import { cancelRun } from "#server/domain/runs/cancel.ts";
import { startRun } from "#server/domain/runs/start.ts";
import { AppError } from "#server/errors.ts";
import { workerAlive } from "#server/jobs/presence.ts";
import { openQueue } from "#server/jobs/queue.ts";
import { pendingMigrations } from "#server/migrate.ts";
import type { Report } from "./report.ts";
import { UnavailableError, UsageError } from "./sentence-errors.ts";

const LOOK_MS = 250;

/** What it takes to carry something out in the instance and to wait for it. */
export type InTheInstance = {
  library: readonly Check[];
  databaseUrl: string;
  signal: AbortSignal;
  onNote: (sentence: string) => void;
  onProgress: (done: number, of: number) => void;
};
export type RegisteredRun = InTheInstance & {
  runbook: string | null;
  selection: RunSelection;
  cluster: string;
  team?: string;
  /** active checks and the keys of the targets that were agreed to */
  confirmed: readonly { check: string; target: string }[];
};

/** Starts a run as the pages do, follows it and reads what it came to. Its worker is that of the instance. */
export function runRegistered(run: RegisteredRun): Promise<Report> {
  return inTheInstance(run, async (db, queue) => {
    const ctx = await contextFor(db, queue, run);
    const runId = await begin(ctx, run);
    await noteIgnored(ctx, runId, run);
    return { ctx, runId };
  });
}

type Begun = { ctx: TeamContext; runId: string };

/** Opens the instance's database, begins a run there, follows it and reads what it came to. */
export async function inTheInstance(
  run: InTheInstance,
  start: (db: Database, queue: TeamContext["queue"]) => Promise<Begun>,
): Promise<Report> {
  const { db, pool, close } = openDatabase({
    url: run.databaseUrl,
    maxConnections: 2,
    onPoolError: () => {},
  });
  let queue: Awaited<ReturnType<typeof openQueue>> | undefined;
  try {
    const pending = await pendingMigrations(pool).catch((cause) => unavailable(run.databaseUrl, cause));
    if (pending.length > 0) throw new UsageError("The database is not up to date: start Weekbook once.");
    queue = await openQueue({ url: run.databaseUrl, role: "web", onError: () => {} });
    const { ctx, runId } = await start(db, queue);
    if (!(await workerAlive(pool))) run.onNote("No worker is there yet; the run begins when one is.");
    await follow(ctx, runId, run);
    const kept = await readReport(db, { teamId: ctx.team.id, runId }, run.library);
    if (!kept) throw new UsageError(`There is no run "${runId}" any more.`);
    return { ...kept.head, results: await collected(kept.results) };
  } finally {
    await queue?.stop();
    await close();
  }
}

function unavailable(url: string, cause: unknown): never {
  const { host, pathname } = new URL(url);
  throw new UnavailableError(`The database at ${host}${pathname} does not answer: is Weekbook running?`, {
    cause,
  });
}

async function contextFor(
  db: Database,
  queue: TeamContext["queue"],
  run: RegisteredRun,
): Promise<TeamContext & { clusterSlug: string }> {
  const clusters = await db.cluster.findMany({
    where: {
      removedAt: null,
      OR: [{ slug: run.cluster }, { name: { equals: run.cluster, mode: "insensitive" } }],
      ...(run.team === undefined ? {} : { team: { OR: [{ slug: run.team }, { name: run.team }] } }),
    },
    include: { team: true },
  });
  const [cluster, another] = clusters;
  if (!cluster) {
    const all = await db.cluster.findMany({ where: { removedAt: null }, select: { slug: true }, take: 20 });
    const list = all.map(({ slug }) => slug).join(", ") || "none yet";
    throw new UsageError(`There is no cluster "${run.cluster}". Registered are: ${list}.`);
  }
  if (another) {
    const teams = clusters.map(({ team }) => team.slug).join(", ");
    throw new UsageError(`Several teams have a cluster "${run.cluster}" (${teams}): choose with --team.`);
  }
  return { ...contextOf(db, queue, cluster.team), clusterSlug: cluster.slug };
}

/** Whoever reaches the database may do all that a team's owner may. */
export function contextOf(db: Database, queue: TeamContext["queue"], team: TeamContext["team"]): TeamContext {
  return {
    ...{ db, queue, now: () => new Date(), team, role: "owner" },
    actor: { type: "system", name: "command line" },
    vault: { seal: () => Promise.reject(new Error("the command line stores no credentials")) },
  };
}

async function begin(ctx: TeamContext & { clusterSlug: string }, run: RegisteredRun): Promise<string> {
  const input = {
    clusters: [ctx.clusterSlug],
    runbook: run.runbook,
    checks: run.selection,
    confirmActive: run.confirmed.map((each) => ({ ...each, cluster: ctx.clusterSlug })),
    idempotencyKey: randomUUID(),
  };
  try {
    const { runId } = await startRun({ ctx, input, library: run.library });
    return runId;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** What the domain refused, in one sentence; anything else as it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const fields = Object.entries(error.fields ?? {}).map(([field, problem]) => `${field}: ${problem}`);
  return new UsageError(`The run was refused: ${[error.message, ...fields].join("; ")}.`);
}

/** Kept parameters that the run left out. */
async function noteIgnored(ctx: TeamContext, runId: string, run: RegisteredRun): Promise<void> {
  const { selection } = await ctx.db.run.findUniqueOrThrow({ where: { id: runId } });
  for (const { id, ignored = [] } of runSelectionSchema.parse(selection)) {
    for (const { from, name } of ignored) {
      run.onNote(`${id}: the value of ${name} kept for the ${from} is not accepted any more; left out.`);
    }
  }
}

async function follow(ctx: TeamContext, runId: string, run: InTheInstance): Promise<void> {
  let cancelled = false;
  for (;;) {
    const { endedAt } = await ctx.db.run.findUniqueOrThrow({
      where: { id: runId },
      select: { endedAt: true },
    });
    const results = await ctx.db.result.count({ where: { runId } });
    run.onProgress(await ctx.db.result.count({ where: { runId, phase: "done" } }), results);
    if (endedAt) return;
    if (run.signal.aborted && !cancelled) {
      cancelled = true;
      await cancelRun({ ctx, input: { runId } });
    }
    await wait(LOOK_MS);
  }
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
