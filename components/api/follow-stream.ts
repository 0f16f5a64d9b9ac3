import type { ApiError } from "#common/contracts/error.ts";
import { fromWire } from "#common/wire.ts";
import { apiPath, asParameter } from "./call.ts";

/** Two of the server's pings missed: the connection is dead, whatever the browser thinks of it. */
const silenceMs = 25_000;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

type Listener = {
  /** of the procedure's own shape */
  onMessage: (message: unknown) => void;
  /** what is shown may be old, and the stream is being opened again */
  onBroken: (broken: boolean) => void;
};

/**
 * Hears every message of a subscription after the one whose id is `from`. A broken stream is opened again after the
 * last message that was heard. Returns what ends it.
 */
export function followStream(
  { procedure, input, from }: { procedure: string; input: object; from: string | null },
  { onMessage, onBroken }: Listener,
): () => void {
  let heard = from;
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
    source = new EventSource(
      `${apiPath}/${procedure}?input=${asParameter({ ...input, lastEventId: heard })}`,
    );
    source.addEventListener("connected", () => {
      retryMs = firstRetryMs;
      onBroken(false);
      alive();
    });
    source.addEventListener("ping", alive);
    source.addEventListener("message", ({ data, lastEventId }: MessageEvent<string>) => {
      heard = lastEventId;
      alive();
      onMessage(fromWire(JSON.parse(data)));
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
