import type { Logger } from "pino";
import { costSchema } from "#common/result.ts";
import type { Check } from "../checks/define-check.ts";
import type { Meter } from "../connectors/connector.ts";
import type { Database } from "../db.ts";
import type { JobPayloads, Queue } from "../domain/context.ts";
import { libraryOf } from "../domain/team-runbooks/library-of.ts";
import { type Asked, askAll } from "../engine/ask.ts";
import { execute } from "../engine/execute.ts";
import type { Breakers, Limits, Outcome } from "../engine/execution.ts";
import type { Lane } from "../engine/lane.ts";
import type { OpenTargets } from "./assemble-targets.ts";
import { type Attempt, FenceLost } from "./attempt.ts";
import { beginActive, interrupted, withoutFacts } from "./begin-active.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { openBreakers } from "./breakers.ts";
import { failPart, finishPart } from "./end-part.ts";
import { judgeStored } from "./judge-stored.ts";
import type { RunNotices } from "./live-events.ts";
import { createProgressWriter } from "./progress-writer.ts";
import type { JobHandler } from "./queue.ts";
import { createRecorder } from "./recorder.ts";
import { createResults, type ResultRow } from "./run-results.ts";
import { shareHosts } from "./share-hosts.ts";
import { watchRun } from "./watch-run.ts";

export type RunChecksOptions = {
  db: Database;
  queue: Queue;
  library: readonly Check[];
  /** a host is opened no earlier than it is first read: a part may be there to share out a thousand of them */
  openTargets: (at: { clusterId: string; teamId: string }) => Promise<OpenTargets | undefined>;
  notices: RunNotices;
  log: Logger;
  /** the worker goes down: running jobs are given back as they are */
  shutdown: AbortSignal;
  limits?: Limits;
  /** how many hosts this worker reads at a time, whatever parts they are of */
  hostLane?: Lane;
};

class ShuttingDown extends Error {
  override name = "ShuttingDown";
}

/** Carries out a part of a run, or what is left of it after an attempt that was cut short. */
export function createRunChecks(options: RunChecksOptions): JobHandler<"run-checks"> {
  return async (payload, signal) => {
    const log = options.log.child({ runId: payload.runId, part: payload.part });
    try {
      await carryOut(options, { payload, signal, log });
    } catch (error) {
      if (!(error instanceof FenceLost)) throw error;
      log.info("another attempt has taken over this part");
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
  // As the team's checks and approvals are now: what was withdrawn since the start is not asked any more.
  const library = await libraryOf(options, attempt.run.teamId);
  if (attempt.run.judgedFromId !== null) return judgeStored({ ...options, library }, { ...job, attempt });
  const opened = await options.openTargets(attempt.part);
  if (!opened)
    return failPart(db, attempt, { code: "no-target", what: "the cluster", detail: "it was removed" });
  try {
    const { selection, targets, gone } = await shareHosts({ ...options, library }, attempt, opened.targets);
    const asked = [...askAll(selection, library, targets), ...gone];
    const rows = await createResults(db, attempt, asked);
    options.notices.changed(attempt.run.id);
    const onError = (error: unknown) => job.log.warn({ err: error }, "a breaker could not be written");
    const breakers = await openBreakers({ db, part: attempt.part, targets, onError });
    await answer(options, { ...job, attempt, opened, asked, rows, breakers });
    await breakers.settled();
  } finally {
    await opened.close();
  }
}

type PartWork = {
  signal: AbortSignal;
  log: Logger;
  attempt: Attempt;
  opened: OpenTargets;
  asked: Asked[];
  rows: Map<string, ResultRow>;
  breakers: Breakers;
};

async function answer(options: RunChecksOptions, work: PartWork): Promise<void> {
  const { db, notices } = options;
  const { attempt, opened, asked, rows, log } = work;
  const runId = attempt.run.id;
  const cancel = new AbortController();
  if (attempt.run.cancelRequestedAt) cancel.abort();
  const lost = new AbortController();
  const spent = spentSoFar(attempt);
  const watched = {
    ...{ db, attempt, spent: () => spent.total, onFenceLost: () => lost.abort() },
    onError: (error: unknown) => log.warn({ err: error }, "the run's state could not be read or written"),
  };
  const progress = createProgressWriter({ ...watched, onWritten: () => notices.changed(runId) });
  const watch = watchRun({ ...watched, onCancel: () => cancel.abort() });
  const goOn = () => {
    if (options.shutdown.aborted) throw new ShuttingDown("the worker is going down");
    if (lost.signal.aborted || work.signal.aborted) throw new FenceLost();
  };
  const recorder = createRecorder({ db, attempt, goOn, onRecorded: () => notices.changed(runId) });
  const record = (row: ResultRow, outcome: Outcome) => {
    progress.forget(row.id);
    return recorder.record({ row, outcome });
  };
  const open = asked.flatMap((each) => {
    const row = rows.get(each.key);
    return row && row.phase !== "done" ? [{ each, row }] : [];
  });
  const rowOf = new Map(open.map(({ each, row }) => [each.key, row]));
  try {
    await Promise.all(
      open.flatMap(({ each, row }) => {
        if (!("question" in each)) return [record(row, withoutFacts(each.key, each.verdict, each.reason))];
        return row.activeAt === null ? [] : [record(row, interrupted(each))];
      }),
    );
    await execute(
      open.flatMap(({ each, row }) => ("question" in each && row.activeAt === null ? [each.question] : [])),
      {
        scope: attempt.part.clusterId,
        signal: AbortSignal.any([cancel.signal, lost.signal, work.signal, options.shutdown]),
        limits: options.limits,
        secrets: opened.secrets,
        meter: spent.meter,
        breakers: work.breakers,
        hostLane: options.hostLane,
        beforeActive: async (key) => {
          const row = rowOf.get(key);
          if (!row) throw new FenceLost();
          await beginActive(db, attempt, row);
        },
        onEvent(event) {
          const row = rowOf.get(event.type === "outcome" ? event.outcome.key : event.key);
          if (row && event.type === "outcome") return record(row, event.outcome);
          if (row && event.type === "progress") progress.note(row.id, event);
          return undefined;
        },
      },
    );
    goOn();
    await finishPart(db, attempt, spent.total);
    log.info({ results: asked.length, cost: spent.total }, "the part of the run has ended");
  } finally {
    await Promise.allSettled([watch.stop(), progress.stop(), recorder.idle()]);
  }
}

/** What the part has cost, with what its earlier attempts had read before they were cut short. */
function spentSoFar({ part }: Attempt) {
  const total = {
    calls: 0,
    bytes: 0,
    throttled: 0,
    ...costSchema.partial().omit({ seconds: true }).parse(part.cost),
  };
  const meter: Meter = {
    call: () => {
      total.calls += 1;
    },
    bytes: (count) => {
      total.bytes += count;
    },
    throttled: () => {
      total.throttled += 1;
    },
  };
  return { total, meter };
}
