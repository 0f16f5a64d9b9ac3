import { channel } from "node:diagnostics_channel";
import type { ReasonCode } from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";

/**
 * What happens in a process and is worth counting. Told by whoever does it, after it is in the database, and heard by
 * whoever counts, if anybody does: neither knows the other.
 */
type Events = {
  /** a run has ended with the last of its parts */
  "run-ended": { status: "done" | "failed" | "cancelled"; seconds: number };
  /** a result has its verdict */
  "result-recorded": { verdict: Verdict; reason: ReasonCode | null };
  /** a connector asked, was answered so many bytes, was told to wait */
  "connector-call": undefined;
  "connector-bytes": number;
  "connector-throttled": undefined;
};
type EventName = keyof Events;

const channels = new Map<EventName, ReturnType<typeof channel>>();

function channelOf(name: EventName) {
  const known = channels.get(name) ?? channel(`weekbook:${name}`);
  channels.set(name, known);
  return known;
}

export function tell<Name extends EventName>(name: Name, event: Events[Name]): void {
  channelOf(name).publish(event);
}

export function hear<Name extends EventName>(name: Name, listener: (event: Events[Name]) => void): void {
  channelOf(name).subscribe((message) => listener(message as Events[Name]));
}
