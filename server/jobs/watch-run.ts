import type { Cost } from "#common/result.ts";
import type { Database } from "../db.ts";
import type { Attempt } from "./attempt.ts";

const LOOK_MS = 250;
const HEARTBEAT_MS = 2_000;

/**
 * While a part of a run is worked on: tells the database that somebody does, and notices within half a second that a person
 * asked to stop it or that another attempt took over. It asks rather than listens, so a lost connection loses nothing.
 */
export function watchRun(options: {
  db: Database;
  attempt: Attempt;
  /** what the part has cost by now: kept, so that an attempt that is cut short is not forgotten */
  spent: () => Omit<Cost, "seconds">;
  onCancel: () => void;
  onFenceLost: () => void;
  onError: (error: unknown) => void;
}): { stop(): Promise<void> } {
  const { db, attempt } = options;
  const { runId, ordinal } = attempt.part;
  let lastBeatMs = performance.now();
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async () => {
    const part = await db.runPart.findUnique({
      where: { runId_ordinal: { runId, ordinal } },
      select: { attempt: true, status: true, run: { select: { cancelRequestedAt: true } } },
    });
    if (part?.attempt !== attempt.number || part.status !== "running") return options.onFenceLost();
    if (part.run.cancelRequestedAt) options.onCancel();
    if (performance.now() - lastBeatMs < HEARTBEAT_MS) return;
    lastBeatMs = performance.now();
    await db.runPart.updateMany({
      where: { runId, ordinal, attempt: attempt.number, status: "running" },
      data: { heartbeatAt: new Date(), cost: options.spent() },
    });
  };
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      looking = look().catch(options.onError).finally(schedule);
    }, LOOK_MS);
  };
  schedule();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
