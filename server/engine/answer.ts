import { setTimeout as wait } from "node:timers/promises";
import type { Reason } from "#common/result.ts";
import { type ReadContext, ReadError } from "../connectors/connector.ts";
import type { Pause } from "./lane.ts";
import type { Consumer } from "./reads.ts";

/** `read` counts what was read in the consumer's unit, of which `value` may be a selection. */
export type Answer = { value: unknown; read: number; missing: Reason[] } | { unread: Reason; read: number };

/** Where a gatherer hands over what it has. Only the first answer of a consumer counts. */
export type Sink = {
  progress(consumer: Consumer, done: number, total: number | undefined): void;
  answer(consumer: Consumer, answer: Answer): void;
};

export type GatherContext = Pick<ReadContext, "signal" | "meter" | "active" | "limits"> & {
  sink: Sink;
  /** for a wait between two readings: others go on meanwhile */
  pause: Pause;
};

/** The reason a person sees for whatever was thrown. An abort carries its own as a ReadError. */
export function reasonOf(error: unknown, signal: AbortSignal, what: string): Reason {
  if (signal.aborted && signal.reason instanceof ReadError) {
    const { reason } = signal.reason;
    // "Cancelled" and "timed out" say nothing of what was being read; whatever else broke off the read does.
    return reason.what === "" ? { ...reason, what } : reason;
  }
  if (error instanceof ReadError) return error.reason;
  return { code: "internal", what, detail: messageOf(error) };
}

/** A pick or parse threw: the answer is not what the check expects. */
export function malformed(what: string, error: unknown): Reason {
  return { code: "malformed", what, detail: messageOf(error) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A clock that no time correction turns back: rates divide by its differences. */
export function monotonicMs(): number {
  return Math.round(performance.timeOrigin + performance.now());
}

/** A judge is not told of gaps in an optional need, and would take what it does not see for what is not there. */
export function whole({ optional }: Consumer, answer: Answer): Answer {
  const [gap] = optional && "missing" in answer ? answer.missing : [];
  return gap ? { unread: gap, read: answer.read } : answer;
}

/** Two readings of one need as one answer: both, or why there are not both. */
export function pairOf([first, second]: readonly [Answer, Answer], at: readonly [number, number]): Answer {
  if ("unread" in first) return { unread: first.unread, read: 0 };
  if ("unread" in second) return { unread: second.unread, read: 1 };
  return {
    value: [
      { at: at[0], value: first.value },
      { at: at[1], value: second.value },
    ],
    read: 2,
    missing: [...first.missing, ...second.missing],
  };
}

/** Until this time of `monotonicMs`. */
export async function waitUntil(atMs: number, { pause, signal }: GatherContext): Promise<void> {
  await pause(() => wait(Math.max(0, atMs - monotonicMs()), undefined, { signal }));
}
