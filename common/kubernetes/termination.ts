import { signalOf } from "../tools/exit-code.ts";

/** One end of a container, as state.terminated or lastState.terminated tells it. */
export type Termination = {
  exitCode: number;
  signal?: number;
  reason?: string;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
};

export const causes = ["liveness-probe", "startup-probe", "post-start-hook"] as const;
export type KillCause = (typeof causes)[number];

/** The kubelet's word that it killed a container, `count` times from `since` to `at`: equal events are merged. */
export type Kill = { cause: KillCause; count: number; since: string; at: string };

export type Circumstances = {
  /** this is the container's present state, not the one before */
  current: boolean;
  /** status.reason of the pod */
  podReason?: string;
  /** reason of the pod's condition DisruptionTarget */
  disruption?: string;
  /** the pod carries a deletion timestamp */
  deleted: boolean;
  /** it is started again whatever its exit code */
  keptRunning: boolean;
  kills: Kill[];
};

export const meanings = [
  "ended-cleanly",
  "status-lost",
  "start-error",
  "out-of-memory",
  "out-of-memory-child",
  "evicted",
  "deadline-exceeded",
  "node-shutdown",
  "disrupted",
  "liveness-probe",
  "startup-probe",
  "post-start-hook",
  "killed-on-delete",
  "killed",
  "terminated",
  "segmentation-fault",
  "aborted",
  "ended-by-signal",
  "not-executable",
  "command-not-found",
  "exit-255",
  "application-error",
] as const;
export type Meaning = (typeof meanings)[number];

const podReasons: Record<string, Meaning> = {
  Evicted: "evicted",
  DeadlineExceeded: "deadline-exceeded",
  Terminated: "node-shutdown",
  Shutdown: "node-shutdown",
  NodeShutdown: "node-shutdown",
  Preempting: "disrupted",
};

const bySignal: Record<number, Meaning> = { 6: "aborted", 11: "segmentation-fault", 15: "terminated" };
const byCode: Record<number, Meaning> = { 126: "not-executable", 127: "command-not-found", 255: "exit-255" };

/**
 * What the end of a container means; null where there is nothing to say (it completed, or ended as asked).
 * The reason field outranks the code, the pod's own reason outranks the signal: 137 is no proof of memory, OOMKilled
 * no proof of 137, and StartError's 128 was made up by the runtime.
 */
export function meaningOf(end: Termination, around: Circumstances): Meaning | null {
  const { exitCode, reason } = end;
  if (reason === "ContainerStatusUnknown" || (reason === "Unknown" && exitCode === 255)) return "status-lost";
  if (neverStarted(end)) return "start-error";
  if (reason === "OOMKilled") return exitCode === 137 ? "out-of-memory" : "out-of-memory-child";
  const kill = killOf(end, around.kills);
  if (exitCode === 0) {
    if (kill) return kill.cause;
    return around.keptRunning ? "ended-cleanly" : null;
  }
  return outsideCause(around) ?? kill?.cause ?? ownCause(end, around);
}

/** The runtime's 128 for a container it could not start carries no start time. */
function neverStarted({ exitCode, reason, startedAt }: Termination): boolean {
  if (reason === "StartError" || reason === "ContainerCannotRun") return true;
  return exitCode === 128 && (startedAt ?? "").startsWith("1970-01-01");
}

function outsideCause({ current, podReason = "", disruption }: Circumstances): Meaning | null {
  if (!current) return null;
  return podReasons[podReason] ?? (disruption === undefined ? null : "disrupted");
}

/**
 * Events are merged and rate-limited: the newest kill they tell may be older than the one at hand, or already the next.
 * For an end by SIGKILL or SIGTERM any kill begun before it counts; for another code only one within that very run.
 */
export function killOf(end: Termination, kills: readonly Kill[]): Kill | undefined {
  const finished = end.finishedAt === undefined ? Number.NaN : Date.parse(end.finishedAt) + 5_000;
  const bySignal = signalNumber(end) === 9 || signalNumber(end) === 15;
  const inRun = (told: number) => told >= Date.parse(end.startedAt ?? "") && told <= finished;
  return kills
    .filter(({ since, at }) => (bySignal ? Date.parse(since) <= finished : inRun(Date.parse(at))))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
}

export function signalNumber({ signal, exitCode }: Termination): number | null {
  if (signal) return signal;
  return exitCode > 128 ? (signalOf(exitCode - 128)?.number ?? null) : null;
}

function ownCause(end: Termination, { current, deleted }: Circumstances): Meaning | null {
  const signal = signalNumber(end);
  const leaving = current && deleted;
  if (signal === 9) return leaving ? "killed-on-delete" : "killed";
  if (signal === 15 && leaving) return null;
  if (signal !== null) return bySignal[signal] ?? "ended-by-signal";
  return byCode[end.exitCode] ?? "application-error";
}
