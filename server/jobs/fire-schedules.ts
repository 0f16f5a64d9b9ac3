import type { Logger } from "pino";
import { type Firing, FiringFailed, fireNext } from "../domain/schedules/fire-next.ts";
import { scheduleChannel } from "../domain/schedules/notify.ts";
import { createListener } from "./listen.ts";

const LONGEST_WAIT_MS = 15_000;
/** What is due but held by another worker is looked at again so soon. */
const SHORTEST_WAIT_MS = 250;

export type FireSchedules = { stop(): Promise<void> };

/** Runs what is due, then sleeps until the next time, until a schedule changes, or for 15 s: whichever comes first. */
export function fireSchedules(options: Firing & { url: string; log: Logger }): FireSchedules {
  const { db, log } = options;
  let stopped = false;
  let wake = () => {};
  const listener = createListener({
    ...{ url: options.url, name: "weekbook-schedules", channel: scheduleChannel },
    onNotice: () => wake(),
  });

  const pass = async () => {
    const failed: string[] = [];
    while (!stopped) {
      try {
        const fired = await fireNext(options, failed);
        if (!fired) return;
        log.info(fired, "a schedule was due");
      } catch (error) {
        if (!(error instanceof FiringFailed)) throw error;
        failed.push(error.scheduleId);
        log.error({ err: error.cause, scheduleId: error.scheduleId }, "a schedule could not be dealt with");
      }
    }
  };

  const untilNextMs = async () => {
    const [row] = await db.$queryRaw<{ ms: number | null }[]>`
      SELECT (extract(epoch FROM min("nextAt") - clock_timestamp()) * 1000)::float8 AS ms
      FROM schedule WHERE enabled`;
    return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, row?.ms ?? LONGEST_WAIT_MS));
  };

  const loop = async () => {
    while (!stopped) {
      let waitMs = LONGEST_WAIT_MS;
      // Made before looking: a notice that comes meanwhile ends the wait at once.
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        await listener.ensure();
        await pass();
        waitMs = await untilNextMs();
      } catch (error) {
        log.warn({ err: error }, "schedules could not be looked at");
      }
      if (stopped) return;
      const timer = setTimeout(() => wake(), waitMs);
      await woken;
      clearTimeout(timer);
    }
  };
  const done = loop();
  return {
    async stop() {
      stopped = true;
      wake();
      await done;
      await listener.stop();
    },
  };
}
