import type { Database } from "../db.ts";
import type { ExecutionEvent } from "../engine/execution.ts";
import { type Attempt, FenceLost } from "./attempt.ts";

type ProgressEvent = Extract<ExecutionEvent, { type: "progress" }>;
const INTERVAL_MS = 250;

export type ProgressWriter = {
  /** keeps the newest progress of a result until the next write */
  note(resultId: string, event: ProgressEvent): void;
  /** the result is done: what was noted of it is out of date */
  forget(resultId: string): void;
  stop(): Promise<void>;
};

/** Writes progress at most four times a second, all results at once, under the fence. Losing some does no harm. */
export function createProgressWriter(options: {
  db: Database;
  attempt: Attempt;
  onWritten: () => void;
  onFenceLost: () => void;
  onError: (error: unknown) => void;
}): ProgressWriter {
  const noted = new Map<string, ProgressEvent>();
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const write = async () => {
    timer = undefined;
    const events = [...noted];
    noted.clear();
    if (events.length === 0) return;
    try {
      await writeProgress(options.db, options.attempt, events);
      options.onWritten();
    } catch (error) {
      if (error instanceof FenceLost) options.onFenceLost();
      else options.onError(error);
    }
  };
  return {
    note(resultId, event) {
      noted.set(resultId, event);
      timer ??= setTimeout(() => {
        writing = writing.then(write);
      }, INTERVAL_MS);
    },
    forget: (resultId) => noted.delete(resultId),
    async stop() {
      clearTimeout(timer);
      await writing;
    },
  };
}

async function writeProgress(
  db: Database,
  { part, number }: Attempt,
  events: [string, ProgressEvent][],
): Promise<void> {
  const rows = JSON.stringify(
    events.map(([id, { phase, progress }]) => ({ id, phase, progress: progress ?? null })),
  );
  const held = await db.$queryRaw<{ held: boolean }[]>`
    WITH held AS (
      SELECT FROM run_part WHERE "runId" = ${part.runId}::uuid AND ordinal = ${part.ordinal}
        AND attempt = ${number} AND status = 'running' FOR UPDATE
    ), fence AS (
      UPDATE run SET seq = seq + 1 WHERE id = ${part.runId}::uuid AND EXISTS (SELECT FROM held) RETURNING seq
    ), written AS (
      UPDATE result SET phase = news.phase::phase, progress = news.progress, seq = fence.seq,
        "startedAt" = coalesce(result."startedAt", now())
      FROM fence, jsonb_to_recordset(${rows}::jsonb) AS news(id uuid, phase text, progress jsonb)
      WHERE result."runId" = ${part.runId}::uuid AND result.id = news.id AND result.phase <> 'done'
    )
    SELECT EXISTS (SELECT FROM fence) AS held`;
  if (!held[0]?.held) throw new FenceLost();
}
