import type { Logger } from "pino";
import { runSelectionSchema } from "#common/contracts/run.ts";
import { noCounts } from "#common/result.ts";
import type { Check } from "../checks/define-check.ts";
import type { Database } from "../db.ts";
import type { JobPayloads } from "../domain/context.ts";
import { selectionOn } from "../domain/params/resolve-on-clusters.ts";
import { type Asked, askAll } from "../engine/ask.ts";
import { execute } from "../engine/execute.ts";
import type { Limits, Outcome } from "../engine/execution.ts";
import type { OpenTargets } from "./assemble-targets.ts";
import { type Attempt, beginAttempt, FenceLost, failRun } from "./attempt.ts";
import type { RunNotices } from "./live-events.ts";
import { createProgressWriter } from "./progress-writer.ts";
import type { JobHandler } from "./queue.ts";
import { recordOutcome } from "./record-outcome.ts";
import { createResults, finishRun, type ResultRow } from "./run-results.ts";
import { watchRun } from "./watch-run.ts";

export type RunChecksOptions = {
  db: Database;
  library: readonly Check[];
  openTargets: (at: { clusterId: string; teamId: string }) => Promise<OpenTargets | undefined>;
  notices: RunNotices;
  log: Logger;
  /** the worker goes down: running jobs are given back as they are */
  shutdown: AbortSignal;
  limits?: Limits;
};

class ShuttingDown extends Error {
  override name = "ShuttingDown";
}

/** Carries out a run, or what is left of it after an attempt that was cut short. */
export function createRunChecks(options: RunChecksOptions): JobHandler<"run-checks"> {
  return async (payload, signal) => {
    const log = options.log.child({ runId: payload.runId });
    try {
      await carryOut(options, { payload, signal, log });
    } catch (error) {
      if (!(error instanceof FenceLost)) throw error;
      log.info("another attempt has taken over this run");
    } finally {
      options.notices.changed(payload.runId);
    }
  };
}

async function carryOut(
  options: RunChecksOptions,
  job: { payload: JobPayloads["run-checks"]; signal: AbortSignal; log: Logger },
): Promise<void> {
  const { db } = options;
  const attempt = await beginAttempt(db, job.payload);
  if (!attempt) return;
  const opened = await options.openTargets(attempt.run);
  if (!opened)
    return failRun(db, attempt, { code: "no-target", what: "the cluster", detail: "it was removed" });
  try {
    const selection = selectionOn(runSelectionSchema.parse(attempt.run.selection), attempt.run.clusterId);
    const asked = askAll(selection, options.library, opened.targets);
    const rows = await createResults(db, attempt, asked);
    options.notices.changed(attempt.run.id);
    await answer(options, { ...job, attempt, opened, asked, rows });
  } finally {
    await opened.close();
  }
}

async function answer(
  options: RunChecksOptions,
  work: {
    signal: AbortSignal;
    log: Logger;
    attempt: Attempt;
    opened: OpenTargets;
    asked: Asked[];
    rows: Map<string, ResultRow>;
  },
): Promise<void> {
  const { db, notices } = options;
  const { attempt, opened, asked, rows, log } = work;
  const runId = attempt.run.id;
  const cancel = new AbortController();
  if (attempt.run.cancelRequestedAt) cancel.abort();
  const lost = new AbortController();
  const watched = {
    ...{ db, attempt, onFenceLost: () => lost.abort() },
    onError: (error: unknown) => log.warn({ err: error }, "the run's state could not be read or written"),
  };
  const progress = createProgressWriter({ ...watched, onWritten: () => notices.changed(runId) });
  const watch = watchRun({ ...watched, onCancel: () => cancel.abort() });
  const goOn = () => {
    if (options.shutdown.aborted) throw new ShuttingDown("the worker is going down");
    if (lost.signal.aborted || work.signal.aborted) throw new FenceLost();
  };
  // One after the other: each needs the run's row for itself, and must not take every connection to wait for it.
  let recording: Promise<void> = Promise.resolve();
  const record = (row: ResultRow, outcome: Outcome) => {
    recording = recording.then(async () => {
      goOn();
      progress.forget(row.id);
      await recordOutcome(db, attempt, row, outcome);
      notices.changed(runId);
    });
    return recording;
  };
  const open = asked.flatMap((each) => {
    const row = rows.get(each.key);
    return row && row.phase !== "done" ? [{ each, row }] : [];
  });
  const rowOf = new Map(open.map(({ each, row }) => [each.key, row]));
  try {
    for (const { each, row } of open) if (!("question" in each)) await record(row, unasked(each));
    const cost = await execute(
      open.flatMap(({ each }) => ("question" in each ? [each.question] : [])),
      {
        scope: attempt.run.clusterId,
        signal: AbortSignal.any([cancel.signal, lost.signal, work.signal, options.shutdown]),
        limits: options.limits,
        secrets: opened.secrets,
        onEvent(event) {
          const row = rowOf.get(event.type === "outcome" ? event.outcome.key : event.key);
          if (row && event.type === "outcome") return record(row, event.outcome);
          if (row && event.type === "progress") progress.note(row.id, event);
          return undefined;
        },
      },
    );
    goOn();
    const earlier = [...rows.values()].filter((row) => row.phase === "done").map((row) => row.id);
    await finishRun(db, attempt, { cost, earlier: new Set(earlier) });
    log.info({ results: asked.length, cost }, "the run has ended");
  } finally {
    await Promise.allSettled([watch.stop(), progress.stop(), recording]);
  }
}

/** The outcome of a question that had no target to be asked of. */
function unasked(asked: Exclude<Asked, { question: unknown }>): Outcome {
  const now = new Date();
  return {
    key: asked.key,
    verdict: asked.verdict,
    reason: asked.reason,
    findings: [],
    measurements: [],
    counts: { ...noCounts },
    coverage: [],
    cost: { calls: 0, bytes: 0, throttled: 0, seconds: 0 },
    facts: { observedAt: now.toISOString(), needs: {} },
    startedAt: now,
    endedAt: now,
  };
}
