/** Exit codes as the operating system, shells and container runtimes use them. */

/** Linux on x86 and Arm. 32 and 33 belong to the C library; 34 to 64 are real-time signals. */
export const signalNames: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  16: "SIGSTKFLT",
  17: "SIGCHLD",
  18: "SIGCONT",
  19: "SIGSTOP",
  20: "SIGTSTP",
  21: "SIGTTIN",
  22: "SIGTTOU",
  23: "SIGURG",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  26: "SIGVTALRM",
  27: "SIGPROF",
  28: "SIGWINCH",
  29: "SIGIO",
  30: "SIGPWR",
  31: "SIGSYS",
};

const highestSignal = 64;

/** The signals whose default action does not end a process: 128 + one of them was not made by that signal. */
const harmless = new Set([17, 18, 19, 20, 21, 22, 23, 28]);

export type ExitSignal = { number: number; name: string };

export function signalOf(number: number): ExitSignal | null {
  const name = signalNames[number];
  if (name) return { number, name };
  if (number < 34 || number > highestSignal) return null;
  return { number, name: number === 34 ? "SIGRTMIN" : `SIGRTMIN+${number - 34}` };
}

/** What the parent sees of exit(argument): the lowest eight bits, so -1 is 255 and 256 is 0. */
export function exitStatus(argument: number): number {
  return ((Math.trunc(argument) % 256) + 256) % 256;
}

export const exitKinds = [
  "success",
  "general-error",
  "shell-misuse",
  "application",
  "not-executable",
  "not-found",
  "invalid-exit",
  "signal",
  "beyond-signals",
  "out-of-range",
] as const;
export type ExitKind = (typeof exitKinds)[number];

export type DecodedExit = {
  argument: number;
  status: number;
  /** the argument did not fit into eight bits */
  wrapped: boolean;
  kind: ExitKind;
  /** the signal that 128 + n stands for, by the shell's convention */
  signal: ExitSignal | null;
  /** a signal that never ends a process by itself: the code was chosen, not caused */
  harmlessSignal: boolean;
  /** the reason Kubernetes would show, as far as the code alone tells */
  reason: "Completed" | "Error";
};

function kindOf(status: number, signal: ExitSignal | null): ExitKind {
  if (signal) return "signal";
  const fixed: Record<number, ExitKind> = {
    0: "success",
    1: "general-error",
    2: "shell-misuse",
    126: "not-executable",
    127: "not-found",
    128: "invalid-exit",
    255: "out-of-range",
  };
  return fixed[status] ?? (status < 126 ? "application" : "beyond-signals");
}

/** Null where the argument is no integer that a program could pass to exit(). */
export function decodeExit(argument: number): DecodedExit | null {
  if (!Number.isSafeInteger(argument)) return null;
  const status = exitStatus(argument);
  const signal = status > 128 ? signalOf(status - 128) : null;
  return {
    argument,
    status,
    wrapped: status !== argument,
    kind: kindOf(status, signal),
    signal,
    harmlessSignal: signal !== null && harmless.has(signal.number),
    reason: status === 0 ? "Completed" : "Error",
  };
}
