import type { Database } from "../db.ts";
import type { Attempt } from "./attempt.ts";

const LOOK_MS = 250;
const HEARTBEAT_MS = 2_000;

/**
 * While a run is worked on: tells the database that somebody does, and notices within half a second that a person
 * asked to stop it or that another attempt took over. It asks rather than listens, so a lost connection loses nothing.
 */
export function watchRun(options: {
  db: Database;
  attempt: Attempt;
  onCancel: () => void;
  onFenceLost: () => void;
  onError: (error: unknown) => void;
}): { stop(): Promise<void> } {
  const { db, attempt } = options;
  const { id } = attempt.run;
  let lastBeatMs = performance.now();
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async () => {
    const run = await db.run.findUnique({
      where: { id },
      select: { attempt: true, status: true, cancelRequestedAt: true },
    });
    if (run?.attempt !== attempt.number || run.status !== "running") return options.onFenceLost();
    if (run.cancelRequestedAt) options.onCancel();
    if (performance.now() - lastBeatMs < HEARTBEAT_MS) return;
    lastBeatMs = performance.now();
    await db.run.updateMany({ where: { id, attempt: attempt.number }, data: { heartbeatAt: new Date() } });
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
