import type { Logger } from "pino";
import type { Check } from "../checks/define-check.ts";
import type { Database } from "../db.ts";
import type { Queue } from "../domain/context.ts";
import type { Asked } from "../engine/ask.ts";
import { execute } from "../engine/execute.ts";
import type { Execute, Limits, Outcome } from "../engine/execution.ts";
import type { Lane } from "../engine/lane.ts";
import type { OpenTargets } from "./assemble-targets.ts";
import { type Attempt, FenceLost } from "./attempt.ts";
import { beginActive, interrupted, withoutFacts } from "./begin-active.ts";
import type { OpenBreakers } from "./breakers.ts";
import { finishPart } from "./end-part.ts";
import type { RunNotices } from "./live-events.ts";
import { createProgressWriter } from "./progress-writer.ts";
import { createRecorder } from "./recorder.ts";
import type { ResultRow } from "./run-results.ts";
import { spentSoFar } from "./spent.ts";
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

type PartWork = {
  signal: AbortSignal;
  log: Logger;
  attempt: Attempt;
  opened: OpenTargets;
  asked: Asked[];
  rows: Map<string, ResultRow>;
  breakers: OpenBreakers;
};
type Open = { each: Asked; row: ResultRow };

class ShuttingDown extends Error {
  override name = "ShuttingDown";
}

/** Asks what is left of a part, records what is answered, and ends the part. */
export async function answerPart(options: RunChecksOptions, work: PartWork): Promise<void> {
  const { db, notices } = options;
  const { attempt, asked, rows, log } = work;
  const changed = () => notices.changed(attempt.run.id);
  const cancel = new AbortController();
  if (attempt.run.cancelRequestedAt) cancel.abort();
  const lost = new AbortController();
  const spent = spentSoFar(attempt.part);
  const watched = {
    ...{ db, attempt, spent: () => spent.total, onFenceLost: () => lost.abort() },
    onError: (error: unknown) => log.warn({ err: error }, "the run's state could not be read or written"),
  };
  const progress = createProgressWriter({ ...watched, onWritten: changed });
  const watch = watchRun({ ...watched, onCancel: () => cancel.abort() });
  const goOn = () => {
    if (options.shutdown.aborted) throw new ShuttingDown("the worker is going down");
    if (lost.signal.aborted || work.signal.aborted) throw new FenceLost();
  };
  const recorder = createRecorder({ db, attempt, goOn, onRecorded: changed });
  const record = (row: ResultRow, outcome: Outcome) => {
    progress.forget(row.id);
    return recorder.record({ row, outcome });
  };
  const open = asked.flatMap((each): Open[] => {
    const row = rows.get(each.key);
    return row && row.phase !== "done" ? [{ each, row }] : [];
  });
  try {
    await Promise.all(open.flatMap((one) => known(one, record)));
    await execute(questionsOf(open), {
      ...{ limits: options.limits, hostLane: options.hostLane, meter: spent.meter },
      ...{ scope: attempt.part.clusterId, secrets: work.opened.secrets, breakers: work.breakers },
      signal: AbortSignal.any([cancel.signal, lost.signal, work.signal, options.shutdown]),
      ...toRows(open, { record, progress, begin: (row) => beginActive(db, attempt, row) }),
    });
    goOn();
    // Before the end of the run is seen: whoever starts the next one then must not find out again.
    await work.breakers.settled();
    await finishPart(db, attempt, spent.total);
    log.info({ results: asked.length, cost: spent.total }, "the part of the run has ended");
  } finally {
    await Promise.allSettled([watch.stop(), progress.stop(), recorder.idle()]);
  }
}

type Record = (row: ResultRow, outcome: Outcome) => Promise<void>;

/** What has its answer without anything being asked: there is no target, or it was begun and may not be repeated. */
function known({ each, row }: Open, record: Record): Promise<void>[] {
  if (!("question" in each)) return [record(row, withoutFacts(each.key, each.verdict, each.reason))];
  return row.activeAt === null ? [] : [record(row, interrupted(each))];
}

function questionsOf(open: readonly Open[]) {
  return open.flatMap(({ each, row }) =>
    "question" in each && row.activeAt === null ? [each.question] : [],
  );
}

/** What an execution tells of its questions, for the rows that stand for them. */
function toRows(
  open: readonly Open[],
  to: {
    record: Record;
    progress: ReturnType<typeof createProgressWriter>;
    begin: (row: ResultRow) => Promise<void>;
  },
): Pick<Parameters<Execute>[1], "beforeActive" | "onEvent"> {
  const rowOf = new Map(open.map(({ each, row }) => [each.key, row]));
  return {
    beforeActive: async (key) => {
      const row = rowOf.get(key);
      if (!row) throw new FenceLost();
      await to.begin(row);
    },
    onEvent(event) {
      const row = rowOf.get(event.type === "outcome" ? event.outcome.key : event.key);
      if (row && event.type === "outcome") return to.record(row, event.outcome);
      if (row && event.type === "progress") to.progress.note(row.id, event);
      return undefined;
    },
  };
}
