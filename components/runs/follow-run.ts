import type { ApiError } from "#common/contracts/error.ts";
import type { RunUpdate } from "#common/contracts/run.ts";
import { fromWire } from "#common/wire.ts";
import { apiPath, asParameter } from "../api/call.ts";

export { merge } from "./merge-update.ts";

/** Two of the server's pings missed: the connection is dead, whatever the browser thinks of it. */
const silenceMs = 25_000;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

type Follower = {
  onUpdate: (update: RunUpdate) => void;
  /** what is shown may be old, and the stream is being opened again */
  onBroken: (broken: boolean) => void;
};

/**
 * Hears every change of a run after `seq`. A broken stream is opened again after the last change that was heard.
 * Returns what ends it.
 */
export function followRun(
  run: { team: string; runId: string; seq: number },
  { onUpdate, onBroken }: Follower,
): () => void {
  let heard = String(run.seq);
  let retryMs = firstRetryMs;
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout>;

  const stop = () => {
    clearTimeout(timer);
    source.close();
  };
  const again = () => {
    stop();
    onBroken(true);
    timer = setTimeout(open, retryMs);
    retryMs = Math.min(2 * retryMs, longestRetryMs);
  };
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(again, silenceMs);
  };
  const open = () => {
    const input = { team: run.team, runId: run.runId, lastEventId: heard };
    source = new EventSource(`${apiPath}/run.follow?input=${asParameter(input)}`);
    source.addEventListener("connected", () => {
      retryMs = firstRetryMs;
      onBroken(false);
      alive();
    });
    source.addEventListener("ping", alive);
    source.addEventListener("message", ({ data, lastEventId }: MessageEvent<string>) => {
      heard = lastEventId;
      alive();
      onUpdate(fromWire(JSON.parse(data)) as RunUpdate);
    });
    source.addEventListener("return", stop);
    source.addEventListener("serialized-error", ({ data }: MessageEvent<string>) => {
      const refusal = fromWire(JSON.parse(data)) as { data: ApiError } | null;
      if (refusal && refusal.data.httpStatus < 500) stop();
      else again();
    });
    source.addEventListener("error", again);
    alive();
  };
  open();
  return stop;
}
