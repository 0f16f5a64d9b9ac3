import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { countsSchema } from "#common/result.ts";
import { TimedOutError } from "../sentence-errors.ts";
import type { Api } from "./api.ts";

const runSchema = z.object({
  status: z.enum(["queued", "running", "done", "cancelled", "failed"]),
  counts: countsSchema,
  total: z.number(),
  endedAt: z.string().nullable(),
});

export type Waiting = {
  /** null: as long as it takes */
  timeoutMs: number | null;
  /** the first abort cancels the run, and its end is waited for */
  signal: AbortSignal;
  onProgress: (done: number, of: number) => void;
};

const firstPauseMs = 500;
const longestPauseMs = 5_000;

/** Resolves when the run has ended. One that takes too long goes on: nobody asked for it to stop. */
export async function waitForRun(
  api: Api,
  runId: string,
  { timeoutMs, signal, onProgress }: Waiting,
): Promise<void> {
  const deadline = timeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  let pauseMs = firstPauseMs;
  let cancelled = false;
  for (;;) {
    const run = await api.json(`/runs/${runId}`, runSchema);
    onProgress(
      Object.values(run.counts).reduce((sum, count) => sum + count, 0),
      run.total,
    );
    if (run.endedAt !== null) return;
    if (signal.aborted && !cancelled) {
      cancelled = true;
      await api.raw(`/runs/${runId}/cancel`, { method: "POST" }).catch(() => undefined);
    }
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) {
      throw new TimedOutError(
        `The run ${runId} takes longer than --timeout; it goes on: ${api.url}/api/v1/runs/${runId}`,
      );
    }
    // Woken by the signal as well, so that a cancel is sent at once.
    const woken = cancelled ? undefined : signal;
    await wait(Math.min(pauseMs, leftMs), undefined, { signal: woken }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 1.3, longestPauseMs);
  }
}
