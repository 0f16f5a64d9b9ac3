import type { HttpExchange } from "./endpoint-requests.ts";
import { nameOf } from "./http-findings.ts";

/** What of one request tells of an injected fault. */
export type FaultTry = {
  status: number;
  ms: number;
  marked: boolean;
  envoy: boolean;
  /** whom it was sent to, which a person need not have named */
  url?: string;
};

/** Envoy's filter answers an abort with these words, and nobody else does. */
const words = "fault filter abort";

export function pickTries(exchanges: HttpExchange[]): FaultTry[] {
  return exchanges.map(({ url, status, body, phases, headers }) => ({
    ...{ url: nameOf(url), status },
    ms: Math.round(phases.firstByteMs),
    marked: status >= 400 && body.trim() === words,
    envoy: headers.some(([name, value]) => name === "server" && /envoy/i.test(value)),
  }));
}

/** Requests that took about as much longer than the others as each other: a delay, where load would scatter them. */
export type Delay = { count: number; extraMs: number };

export function delayIn(tries: readonly FaultTry[], minDelayMs: number): Delay | null {
  const times = tries
    .filter(({ marked }) => !marked)
    .map(({ ms }) => ms)
    .toSorted((a, b) => a - b);
  const base = times[0] ?? 0;
  const late = times.filter((ms) => ms - base >= minDelayMs).map((ms) => ms - base);
  const [least = 0, most = 0] = [late[0], late.at(-1)];
  if (late.length < 2 || most > least * 1.25 + 50) return null;
  return { count: late.length, extraMs: least };
}

/** Whether `count` of `total` may well be a share of `percent`: three standard deviations, and one for luck. */
export function isLikely(count: number, total: number, percent: number): boolean {
  const share = percent / 100;
  return (
    Math.abs(count - total * share) <=
    3 * Math.sqrt(total * share * (1 - share)) + (share === 1 || share === 0 ? 0 : 1)
  );
}

/** A share that would have shown with 95 % certainty in so many requests, had it been there: the rule of three. */
export function smallestShown(total: number): number {
  return Math.ceil((3 / total) * 100);
}
