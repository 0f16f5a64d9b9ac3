import { Prisma, type Result } from "#generated/prisma/client.ts";
import type { Database } from "../db.ts";
import type { Asked } from "../engine/ask.ts";
import { type Attempt, underFence } from "./attempt.ts";
import { storableJson } from "./storable.ts";

export type ResultRow = Pick<Result, "id" | "checkId" | "target" | "phase" | "activeAt">;
const ROWS_PER_INSERT = 1_000;

/**
 * One row for each question of a part. What an earlier attempt has finished stays; what it had begun waits again.
 * Returns the rows by key of the question.
 */
export async function createResults(
  db: Database,
  attempt: Attempt,
  asked: readonly Asked[],
): Promise<Map<string, ResultRow>> {
  const { runId, teamId, clusterId, ordinal: part } = attempt.part;
  return underFence(db, attempt, async (tx, raise) => {
    const seq = await raise();
    await tx.result.updateMany({
      where: { runId, part, phase: { not: "done" } },
      data: { phase: "waiting", progress: Prisma.DbNull, startedAt: null, seq },
    });
    const rows = asked.map(({ checkId, checkVersion, params, target, targetName }, ordinal) => ({
      ...{ runId, teamId, clusterId, part, ordinal, checkId, checkVersion, target, targetName, seq },
      params: storableJson(params),
    }));
    for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
      await tx.result.createMany({ skipDuplicates: true, data: rows.slice(from, from + ROWS_PER_INSERT) });
    }
    // Only this part's: a target that another part of the run has is that part's to answer for.
    const own = await tx.result.findMany({
      where: { runId, part },
      select: { id: true, checkId: true, target: true, phase: true, activeAt: true },
    });
    return new Map(own.map((row) => [`${row.checkId} ${row.target}`, row]));
  });
}
