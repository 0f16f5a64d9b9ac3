import type { RunUpdate } from "#common/contracts/run.ts";
import { followStream } from "../api/follow-stream.ts";

export { merge } from "./merge-update.ts";

type Follower = {
  onUpdate: (update: RunUpdate) => void;
  /** what is shown may be old, and the stream is being opened again */
  onBroken: (broken: boolean) => void;
};

/** Hears every change of a run after `seq`. Returns what ends it. */
export function followRun(
  { team, runId, seq }: { team: string; runId: string; seq: number },
  { onUpdate, onBroken }: Follower,
): () => void {
  return followStream(
    { procedure: "run.follow", input: { team, runId }, from: String(seq) },
    { onBroken, onMessage: (message) => onUpdate(message as RunUpdate) },
  );
}
