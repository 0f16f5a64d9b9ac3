import { noCounts, type Reason } from "#common/result.ts";
import type { Database } from "../db.ts";
import type { Asked } from "../engine/ask.ts";
import type { Outcome } from "../engine/execution.ts";
import { type Attempt, FenceLost, underFence } from "./attempt.ts";
import type { ResultRow } from "./run-results.ts";

/** Keeps that what changes or loads the target now begins. Once: whoever comes second has lost. */
export async function beginActive(db: Database, attempt: Attempt, row: ResultRow): Promise<void> {
  await underFence(db, attempt, async (tx) => {
    const { count } = await tx.result.updateMany({
      where: { runId: attempt.run.id, id: row.id, phase: { not: "done" }, activeAt: null },
      data: { activeAt: new Date() },
    });
    if (count === 0) throw new FenceLost();
  });
}

/** The outcome of what an earlier attempt had begun: whether it went through nobody knows, and nobody tries again. */
export function interrupted({ key, checkId }: Asked): Outcome {
  const detail = "not-repeated: the host itself ends it within its time limit and removes what it made";
  return withoutFacts(key, "unknown", { code: "interrupted", what: checkId, detail });
}

/** An outcome about which nothing was read. */
export function withoutFacts(key: string, verdict: "skip" | "unknown", reason: Reason): Outcome {
  const now = new Date();
  return {
    ...{ key, verdict, reason },
    findings: [],
    measurements: [],
    pictures: [],
    counts: { ...noCounts },
    coverage: [],
    cost: { calls: 0, bytes: 0, throttled: 0, seconds: 0 },
    facts: { observedAt: now.toISOString(), needs: {} },
    startedAt: now,
    endedAt: now,
  };
}
