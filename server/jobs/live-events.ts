import type pg from "pg";
import { runChannel } from "../domain/runs/notify.ts";

const INTERVAL_MS = 200;

export type RunNotices = {
  /** something of the run was committed: at once, or together with others shortly after the last notice */
  changed(runId: string): void;
  stop(): void;
};

/** At most five notices a second per run. One that is lost is made up for by the followers' own looking. */
export function createRunNotices(pool: pg.Pool, onError: (error: unknown) => void): RunNotices {
  const resting = new Map<string, { again: boolean; timer: NodeJS.Timeout }>();
  const send = (runId: string) => {
    pool.query("SELECT pg_notify($1, $2)", [runChannel, runId]).catch(onError);
    const timer = setTimeout(() => {
      const again = resting.get(runId)?.again;
      resting.delete(runId);
      if (again) send(runId);
    }, INTERVAL_MS);
    resting.set(runId, { again: false, timer });
  };
  return {
    changed(runId) {
      const rest = resting.get(runId);
      if (rest) rest.again = true;
      else send(runId);
    },
    stop() {
      for (const { timer } of resting.values()) clearTimeout(timer);
      resting.clear();
    },
  };
}
