import { type Cost, costSchema } from "#common/result.ts";
import { worstVerdict } from "#common/verdict.ts";
import { Prisma, type Result } from "#generated/prisma/client.ts";
import type { Database, DatabaseTransaction } from "../db.ts";
import type { Asked } from "../engine/ask.ts";
import { type Attempt, underFence } from "./attempt.ts";
import { storableJson } from "./storable.ts";
import { withoutDocuments } from "./without-documents.ts";

export type ResultRow = Pick<Result, "id" | "checkId" | "target" | "phase">;

/**
 * One row for each question. What an earlier attempt has finished stays; what it had begun waits again. Returns the
 * rows by key of the question.
 */
export async function createResults(
  db: Database,
  attempt: Attempt,
  asked: readonly Asked[],
): Promise<Map<string, ResultRow>> {
  const { id: runId, teamId, clusterId } = attempt.run;
  return underFence(db, attempt, async (tx, seq) => {
    await tx.result.updateMany({
      where: { runId, phase: { not: "done" } },
      data: { phase: "waiting", progress: Prisma.DbNull, startedAt: null, seq },
    });
    await tx.result.createMany({
      skipDuplicates: true,
      data: asked.map(({ checkId, checkVersion, params, target, targetName }, ordinal) => ({
        ...{ runId, teamId, clusterId, ordinal, checkId, checkVersion, target, targetName, seq },
        params: storableJson(params),
      })),
    });
    const rows = await tx.result.findMany({
      where: { runId },
      select: { id: true, checkId: true, target: true, phase: true },
    });
    return new Map(rows.map((row) => [`${row.checkId} ${row.target}`, row]));
  });
}

/** The run's own conclusion, once each of its results has one. */
export async function finishRun(
  db: Database,
  attempt: Attempt,
  { cost, earlier }: { cost: Cost; earlier: ReadonlySet<string> },
): Promise<void> {
  const { id: runId, startedAt } = attempt.run;
  await underFence(db, attempt, async (tx, seq) => {
    await endForgotten(tx, runId, seq);
    const results = await tx.result.findMany({
      where: { runId },
      select: { id: true, verdict: true, reason: true, cost: true },
    });
    const endedAt = new Date();
    // What an attempt that was cut short had read in common is not known any more: its results' own costs stand in.
    const before = results
      .filter((result) => earlier.has(result.id))
      .map(({ cost }) => costSchema.parse(cost));
    const total = [cost, ...before].reduce((sum, each) => ({
      calls: sum.calls + each.calls,
      bytes: sum.bytes + each.bytes,
      throttled: sum.throttled + each.throttled,
      seconds: 0,
    }));
    const seconds = (endedAt.getTime() - (startedAt ?? endedAt).getTime()) / 1000;
    const cancelled = results.some(({ reason }) => Object(reason).code === "cancelled");
    await tx.run.update({
      where: { id: runId },
      data: {
        status: cancelled ? "cancelled" : "done",
        verdict: worstVerdict(results.flatMap(({ verdict }) => verdict ?? [])),
        cost: { ...total, seconds },
        selection: withoutDocuments(attempt.run.selection),
        endedAt,
      },
    });
  });
}

/** What an earlier attempt asked and this one cannot any more, such as of a target taken away, is not left waiting. */
async function endForgotten(tx: DatabaseTransaction, runId: string, seq: number): Promise<void> {
  const reason = { code: "no-target", what: "the target", detail: "it was taken away during the run" };
  const endedAt = new Date();
  const { count } = await tx.result.updateMany({
    where: { runId, phase: { not: "done" } },
    data: { phase: "done", verdict: "unknown", reason, progress: Prisma.DbNull, seq, endedAt },
  });
  if (count === 0) return;
  await tx.$executeRaw`
    UPDATE run SET counts = counts || jsonb_build_object('unknown', coalesce((counts ->> 'unknown')::int, 0) + ${count}::int)
    WHERE id = ${runId}::uuid`;
}
