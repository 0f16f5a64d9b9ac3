import type { Database } from "../db.ts";
import type { Attempt } from "./attempt.ts";
import { recordOutcomes, type Settled } from "./record-outcomes.ts";

/** Of one transaction: so many rows are held in memory twice, and so long the others wait for it. */
const MOST_RESULTS = 250;
const MOST_FINDINGS = 20_000;

export type Recorder = {
  /** settles when the outcome has been committed, together with those that came meanwhile */
  record(settled: Settled): Promise<void>;
  /** when nothing is being written any more */
  idle(): Promise<void>;
};

/**
 * Group commit: one transaction at a time, and what settles while it is under way goes into the next. A slow database
 * makes larger groups, not a longer queue. After a failure nothing more is written.
 */
export function createRecorder(options: {
  db: Database;
  attempt: Attempt;
  /** throws when nothing may be written any more */
  goOn: () => void;
  onRecorded: (settled: readonly Settled[]) => void;
}): Recorder {
  const waiting: { settled: Settled; done: PromiseWithResolvers<void> }[] = [];
  let failure: { error: unknown } | undefined;
  let writing: Promise<void> | undefined;
  const write = async () => {
    while (waiting.length > 0) {
      const group = takeGroup(waiting);
      const settled = group.map((each) => each.settled);
      try {
        if (failure) throw failure.error;
        options.goOn();
        await recordOutcomes(options.db, options.attempt, settled);
        for (const { done } of group) done.resolve();
        options.onRecorded(settled);
      } catch (error) {
        failure ??= { error };
        for (const { done } of group) done.reject(error);
      }
    }
    writing = undefined;
  };
  return {
    record(settled) {
      const done = Promise.withResolvers<void>();
      waiting.push({ settled, done });
      // In the next turn, so that outcomes of one turn are one group from the beginning.
      writing ??= Promise.resolve().then(write);
      return done.promise;
    },
    idle: () => writing ?? Promise.resolve(),
  };
}

function takeGroup<Waiting extends { settled: Settled }>(waiting: Waiting[]): Waiting[] {
  let findings = 0;
  let size = 0;
  for (const { settled } of waiting) {
    findings += settled.outcome.findings.length;
    if (size > 0 && (size >= MOST_RESULTS || findings > MOST_FINDINGS)) break;
    size += 1;
  }
  return waiting.splice(0, size);
}
