import type { Cost, Counts, Reason } from "#common/result.ts";
import { costSchema } from "#common/result.ts";
import { type Verdict, worstVerdict } from "#common/verdict.ts";
import { Prisma, type Run, type RunPart } from "#generated/prisma/client.ts";
import type { Database, DatabaseTransaction } from "../db.ts";
import { notifyNotices } from "../domain/channels/notify.ts";
import { noteFailedRun } from "../domain/schedules/note-failed-run.ts";
import { tell } from "../metrics/events.ts";
import { type Attempt, underFence } from "./attempt.ts";
import { withoutDocuments } from "./without-documents.ts";

const storedCost = costSchema.partial();

/** A part's own conclusion, once each of its results has one, and the run's with its last part. */
export async function finishPart(db: Database, attempt: Attempt, cost: Omit<Cost, "seconds">): Promise<void> {
  const { runId, ordinal } = attempt.part;
  const end = await underFence(db, attempt, async (tx, raise) => {
    // What an earlier attempt asked and this one cannot any more is not left waiting.
    await endOpen(tx, attempt, raise, {
      code: "no-target",
      what: "the target",
      detail: "it was taken away during the run",
    });
    const found = await tx.$queryRaw<{ verdict: Verdict; cancelled: boolean }[]>`
      SELECT DISTINCT verdict, coalesce(reason ->> 'code' = 'cancelled', false) AS cancelled FROM result
      WHERE "runId" = ${runId}::uuid AND part = ${ordinal}`;
    // Facts of a run that was cancelled may well be judged to the end.
    const cancelled = attempt.run.judgedFromId === null || (await isCancelled(tx, runId));
    return endPart(tx, attempt, {
      status: cancelled && found.some((each) => each.cancelled) ? "cancelled" : "done",
      verdict: found.length > 0 ? worstVerdict(found.map(({ verdict }) => verdict)) : null,
      cost: { ...cost, seconds: secondsSince(attempt.part.startedAt) },
    });
  });
  if (end) tell("run-ended", end);
}

async function isCancelled(tx: DatabaseTransaction, id: string): Promise<boolean> {
  const run = await tx.run.findUniqueOrThrow({ where: { id }, select: { cancelRequestedAt: true } });
  return run.cancelRequestedAt !== null;
}

/** Ends a part that cannot be carried out; what it has not answered is unknown for that reason. */
export async function failPart(db: Database, attempt: Attempt, reason: Reason): Promise<void> {
  const end = await underFence(db, attempt, async (tx, raise) => {
    await endOpen(tx, attempt, raise, reason);
    const error: Prisma.InputJsonValue = { ...reason };
    return endPart(tx, attempt, { status: "failed", verdict: "unknown", error });
  });
  if (end) tell("run-ended", end);
}

/** Raises the run's `seq` in any case: what follows needs the run's row. */
async function endOpen(
  tx: DatabaseTransaction,
  { part }: Attempt,
  raise: (settled?: Partial<Counts>) => Promise<number>,
  reason: Reason,
): Promise<void> {
  const where = { runId: part.runId, part: part.ordinal, phase: { not: "done" } } as const;
  const open = await tx.result.count({ where });
  const seq = await raise(open > 0 ? { unknown: open } : {});
  if (open === 0) return;
  const ended = { phase: "done", verdict: "unknown", progress: Prisma.DbNull, endedAt: new Date() } as const;
  await tx.result.updateMany({ where, data: { ...ended, reason: { ...reason }, seq } });
}

type RunEnd = { status: "done" | "failed" | "cancelled"; seconds: number };
type PartEnd = Pick<Prisma.RunPartUpdateInput, "status" | "verdict" | "cost" | "error">;

/** What the run came to, if this was its last part. */
async function endPart(
  tx: DatabaseTransaction,
  { run, part }: Attempt,
  end: PartEnd,
): Promise<RunEnd | null> {
  const { runId, ordinal } = part;
  const endedAt = new Date();
  await tx.runPart.update({ where: { runId_ordinal: { runId, ordinal } }, data: { ...end, endedAt } });
  // The run's row is ours since `raise`: of two parts that end together, the later sees the other's end.
  const parts = await tx.runPart.findMany({ where: { runId }, orderBy: { ordinal: "asc" } });
  if (parts.some((each) => each.endedAt === null)) return null;
  await tx.run.update({ where: { id: runId }, data: { ...concluded(run, parts), endedAt } });
  if (worstStatus(parts) === "failed") await noteFailedRun(tx, run);
  // What it changed can be told now.
  await notifyNotices(tx);
  return { status: worstStatus(parts), seconds: secondsSince(run.startedAt) };
}

/** What the parts come to together. A run of which a part failed has failed, whatever the others found. */
function concluded(run: Run, parts: RunPart[]): Prisma.RunUpdateInput {
  const verdicts = parts.flatMap(({ verdict }) => verdict ?? []);
  const costs = parts.map(({ cost }) => storedCost.parse(cost));
  const sum = (name: "calls" | "bytes" | "throttled") =>
    costs.reduce((total, cost) => total + (cost[name] ?? 0), 0);
  const error = parts.find((part) => part.error !== null)?.error;
  return {
    status: worstStatus(parts),
    verdict: worstVerdict(verdicts),
    cost: {
      ...{ calls: sum("calls"), bytes: sum("bytes"), throttled: sum("throttled") },
      seconds: secondsSince(run.startedAt),
    },
    ...(error ? { error } : {}),
    selection: withoutDocuments(run.selection),
  };
}

function worstStatus(parts: RunPart[]): RunEnd["status"] {
  const worstFirst = ["failed", "cancelled"] as const;
  return worstFirst.find((status) => parts.some((part) => part.status === status)) ?? "done";
}

function secondsSince(startedAt: Date | null): number {
  return startedAt ? Math.max(0, Date.now() - startedAt.getTime()) / 1000 : 0;
}
