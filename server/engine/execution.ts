import type { Picture } from "#common/picture.ts";
import type {
  Cost,
  Counts,
  Coverage,
  KeptFinding,
  Measurement,
  Phase,
  Progress,
  Reason,
} from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";
import type { Check } from "../checks/define-check.ts";
import type { Meter, ReadError, Target } from "../connectors/connector.ts";
import type { Lane } from "./lane.ts";

/** One check asked of one target: what becomes a Result. */
export type Question = {
  key: string;
  check: Check;
  /** parsed by the check's schema */
  params: Record<string, unknown>;
  target: Target;
  /** for document checks */
  document?: string;
};

export type FindingRecord = KeptFinding & { fingerprint: string };

/** A settled question, ready to be stored or printed. Redacted. */
export type Outcome = {
  key: string;
  verdict: Verdict;
  /** why it is `unknown` or `skip` */
  reason?: Reason;
  findings: FindingRecord[];
  measurements: Measurement[];
  pictures: Picture[];
  counts: Counts;
  coverage: Coverage[];
  cost: Cost;
  /** need name → value or {unread}, with observedAt: enough to judge again. `asked`: see need-identity.ts */
  facts: { observedAt: string; needs: Record<string, unknown>; asked?: Record<string, string> };
  startedAt: Date;
  endedAt: Date;
};

export type ExecutionEvent =
  | { type: "progress"; key: string; phase: Exclude<Phase, "done">; progress?: Progress }
  | { type: "outcome"; outcome: Outcome };

export type Limits = {
  requestMs: number;
  checkMs: number;
  runMs: number;
  pages: number;
  findingsPerResult: number;
};
export const defaultLimits: Limits = {
  requestMs: 10_000,
  checkMs: 60_000,
  runMs: 600_000,
  pages: 500,
  findingsPerResult: 50_000,
};

/** What is known of dead targets beyond this execution. */
export type Breakers = {
  /** why nothing is to be asked of a target */
  deadOf(target: Target): ReadError | undefined;
  foundDead(target: Target, reason: Reason): void;
  /** it answered, if only with a refusal */
  foundAlive(target: Target): void;
};

/**
 * Plans, gathers and judges all questions. Every question gets exactly one outcome, whatever happens: an aborted or
 * timed-out one is `unknown` with its reason. Resolves when all are settled; never rejects for a target's fault.
 */
export type Execute = (
  questions: Question[],
  options: {
    /** scopes fingerprints: the cluster's id, or the name the command line was given */
    scope: string;
    signal: AbortSignal;
    limits?: Limits;
    /** exact secret values to redact from everything that leaves */
    secrets?: readonly string[];
    /** hears of every call and byte as well, whichever read it is of */
    meter?: Meter;
    breakers?: Breakers;
    /** holds a read of a host back until it may begin: how many do at a time, here and in other executions */
    hostLane?: Lane;
    /**
     * Told of a question, by its key, before the first thing is done that changes or loads its target; nothing is done
     * before this has settled, and nothing at all where it rejects. Without it no active check is carried out.
     */
    beforeActive?: (key: string) => Promise<void>;
    onEvent: (event: ExecutionEvent) => void | Promise<void>;
  },
) => Promise<Cost>;
