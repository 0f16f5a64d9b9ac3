import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import type { Logger } from "pino";
import { z } from "zod";
import { coverageSchema, noCounts, type Reason, reasonSchema } from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";
import type { Result } from "#generated/prisma/client.ts";
import type { Check } from "../checks/define-check.ts";
import type { Database } from "../db.ts";
import type { Limits, Outcome } from "../engine/execution.ts";
import { defaultLimits } from "../engine/execution.ts";
import { judgeAgain, type Stored, storedFactsSchema } from "../engine/judge-again.ts";
import { createRedactor } from "../redact.ts";
import { type Attempt, FenceLost } from "./attempt.ts";
import { finishPart } from "./end-part.ts";
import type { RunNotices } from "./live-events.ts";
import { recordOutcomes } from "./record-outcomes.ts";
import { watchRun } from "./watch-run.ts";

export type JudgeStoredOptions = {
  db: Database;
  library: readonly Check[];
  notices: RunNotices;
  shutdown: AbortSignal;
  limits?: Limits;
};

const unzip = promisify(zstdDecompress);
const nothing = { calls: 0, bytes: 0, throttled: 0 };
const paramsSchema = z.record(z.string(), z.unknown());
/** Facts are redacted when they are stored; what looks like a secret is hidden once more. */
const redactor = createRedactor([]);

/**
 * Carries out a part of a run that judges the facts of another again. There is nothing here to open a target with:
 * what the facts do not hold is unknown.
 */
export async function judgeStored(
  options: JudgeStoredOptions,
  work: { attempt: Attempt; signal: AbortSignal; log: Logger },
): Promise<void> {
  const { db, notices } = options;
  const { attempt, signal, log } = work;
  const { runId, ordinal: part } = attempt.part;
  let cancelled = attempt.run.cancelRequestedAt !== null;
  let lost = false;
  const watch = watchRun({
    ...{ db, attempt, spent: () => nothing },
    onCancel: () => {
      cancelled = true;
    },
    onFenceLost: () => {
      lost = true;
    },
    onError: (error) => log.warn({ err: error }, "the run's state could not be read or written"),
  });
  try {
    const rows = await db.result.findMany({
      where: { runId, part, phase: { not: "done" } },
      orderBy: { ordinal: "asc" },
    });
    for (const row of rows) {
      // One judge a turn, as when they were first judged.
      await nextTurn();
      if (options.shutdown.aborted) throw new Error("the worker is going down");
      if (lost || signal.aborted) throw new FenceLost();
      const outcome = cancelled ? without(row, "unknown", cancelledReason) : await outcomeOf(options, row);
      await recordOutcomes(db, attempt, [{ row, outcome }]);
      notices.changed(runId);
    }
    await finishPart(db, attempt, nothing);
    log.info({ results: rows.length }, "stored facts were judged again");
  } finally {
    await watch.stop();
  }
}

const cancelledReason: Reason = { code: "cancelled", what: "judge again" };

async function outcomeOf({ db, library, limits }: JudgeStoredOptions, row: Result): Promise<Outcome> {
  try {
    const from = await readStored(db, row);
    if (!from) return without(row, "unknown", { code: "not-recorded", what: "the stored facts" });
    // A question that had no target to be asked of was never judged: what it says does not depend on a threshold.
    if (from.target === "none") return without(row, from.verdict, from.reason, from.observedAt);
    const check = library.find(({ id }) => id === row.checkId);
    if (!check) {
      return without(row, "unknown", {
        code: "internal",
        what: row.checkId,
        detail: "there is no such check",
      });
    }
    const params = check.params.safeParse(row.params);
    if (!params.success) {
      const what = `parameters of ${check.id}`;
      return without(row, "unknown", { code: "malformed", what, detail: params.error.message });
    }
    const { findingsPerResult } = limits ?? defaultLimits;
    const asked = { check, params: params.data, targetKey: from.target };
    const again = judgeAgain(asked, from, { scope: row.clusterId, findingsPerResult, redactor });
    return { ...without(row, again.verdict, undefined, from.observedAt), ...again };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return without(row, "unknown", { code: "internal", what: `judge ${row.checkId} again`, detail });
  }
}

const storedCoverage = z.array(coverageSchema);
const storedReason = reasonSchema.optional();

type Source = Stored & { target: string; verdict: Verdict; reason: Reason | undefined };

async function readStored(db: Database, row: Result): Promise<Source | undefined> {
  if (row.factsRunId === null || row.factsResultId === null) return undefined;
  const { factsRunId: runId, factsResultId: id, teamId } = row;
  const result = await db.result.findFirst({ where: { runId, id, teamId } });
  const facts = await db.facts.findUnique({ where: { runId_resultId: { runId, resultId: id } } });
  if (!result?.verdict || !facts) return undefined;
  const text = await unzip(facts.data, { maxOutputLength: Math.max(1, facts.byteLength) });
  return {
    ...storedFactsSchema.parse(JSON.parse(text.toString("utf8"))),
    target: result.target,
    checkVersion: result.checkVersion,
    params: paramsSchema.parse(result.params),
    coverage: storedCoverage.parse(result.coverage),
    verdict: result.verdict,
    reason: storedReason.parse(result.reason ?? undefined),
  };
}

function without(
  row: Result,
  verdict: Verdict,
  reason?: Reason,
  observedAt: Date = row.observedAt ?? new Date(),
): Outcome {
  const now = new Date();
  return {
    ...{
      key: row.id,
      verdict,
      reason,
      findings: [],
      measurements: [],
      pictures: [],
      counts: { ...noCounts },
      coverage: [],
    },
    cost: { ...nothing, seconds: 0 },
    facts: { observedAt: observedAt.toISOString(), needs: {} },
    ...{ startedAt: now, endedAt: now },
  };
}
