import type { Reason, ReasonCode } from "#common/result.ts";
import { ReadError, type Target } from "../connectors/connector.ts";
import type { Breakers } from "./execution.ts";
import { createLane, type Lane } from "./lane.ts";

/** Reads begun at a time per target; what is in flight on the wire is the connector's own limit. */
const laneWidth: Record<Target["kind"], number> = { kubernetes: 4, host: 4, endpoint: 8, document: 1 };

export type TargetState = { lane: Lane; activeLane: Lane; breaker: AbortController };

/** The lanes and the breaker of each target of an execution. */
export class TargetStates {
  readonly #states = new Map<string, TargetState>();
  readonly #known: { breakers?: Breakers; hostLane?: Lane };

  constructor(known: { breakers?: Breakers; hostLane?: Lane }) {
    this.#known = known;
  }

  of(target: Target): TargetState {
    const key = `${target.kind} ${target.key}`;
    const known = this.#states.get(key);
    if (known) return known;
    const lane = createLane(laneWidth[target.kind]);
    // One load at a time: two at once would each measure the other.
    const made = {
      lane: target.kind === "host" ? this.#shared(lane) : lane,
      activeLane: createLane(1),
      breaker: new AbortController(),
    };
    const dead = this.#known.breakers?.deadOf(target);
    if (dead) made.breaker.abort(dead);
    this.#states.set(key, made);
    return made;
  }

  answered(target: Target): void {
    if (isWatched(target)) this.#known.breakers?.foundAlive(target);
  }

  /** A read of the target has failed in itself, not because it was stopped: that says whether the target is there. */
  failed(target: Target, error: unknown): void {
    if (!isWatched(target) || !(error instanceof ReadError)) return;
    if (breaks(error.reason)) {
      this.of(target).breaker.abort(error);
      if (isWorthTelling(error.reason)) this.#known.breakers?.foundDead(target, error.reason);
    } else if (isAnAnswer(error.reason)) {
      this.#known.breakers?.foundAlive(target);
    }
  }

  #shared(lane: Lane): Lane {
    const { hostLane } = this.#known;
    return hostLane ? (signal, work) => lane(signal, () => hostLane(signal, work)) : lane;
  }
}

/** An endpoint target stands for several addresses, each alive or dead by itself. */
function isWatched({ kind }: Target): boolean {
  return kind === "kubernetes" || kind === "host";
}

/** A target that fails so fails for every read: the others need not find out each by itself. */
function breaks(reason: Reason): boolean {
  const own: readonly ReasonCode[] = ["refused-address", "credential-unreadable"];
  return own.includes(reason.code) || isWorthTelling(reason);
}

/** What takes time to find out. The others are known at once, and may be mended at any moment. */
function isWorthTelling({ code, what }: Reason): boolean {
  const codes: readonly ReasonCode[] = ["unreachable", "unauthorized"];
  return codes.includes(code) || (code === "timed-out" && what.startsWith("connect to "));
}

function isAnAnswer({ code }: Reason): boolean {
  const noAnswer: readonly ReasonCode[] = ["timed-out", "internal", "cancelled"];
  return !noAnswer.includes(code);
}
