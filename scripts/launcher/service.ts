// One long-running process of the product: started again with growing pauses when it dies, stopped with patience.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { project } from "./project.ts";

export type ServiceOptions = {
  name: string;
  /** a script and its arguments, run by this Node */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** undefined: show what it prints in the terminal */
  logDir: string | undefined;
  /** how long it may take to finish what it has in hand */
  stopWithinMs: number;
  /** hears of each unexpected end; `restartInMs` is the pause before the next start */
  onCrash: (name: string, how: string, restartInMs: number) => void;
};

export type Service = {
  readonly name: string;
  restart: () => void;
  stop: () => Promise<void>;
  lastLines: () => string;
};

/** Ends a process with its launcher; for a child with an IPC channel and `launcherEnv`. */
export const preload = pathToFileURL(join(import.meta.dirname, "end-with-launcher.ts")).href;
export const launcherEnv = { WEEKBOOK_LAUNCHER: String(process.pid) };
const firstPauseMs = 250;
const longestPauseMs = 30_000;
/** Whoever lived this long was healthy: the next pause is short again. */
const healthyAfterMs = 60_000;
const rotateAtBytes = 10 << 20;

function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > rotateAtBytes) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}

function spawnService({ args, env }: ServiceOptions, log: string | undefined): ChildProcess {
  const output = log === undefined ? "inherit" : openLog(log);
  try {
    return spawn(process.execPath, ["--import", preload, ...args], {
      cwd: project,
      env: { ...env, ...launcherEnv },
      // Its own process group: Ctrl-C reaches the launcher alone, which stops everybody in order.
      detached: true,
      stdio: ["ignore", output, output, "ipc"],
    });
  } finally {
    if (typeof output === "number") closeSync(output);
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function stopChild(child: ChildProcess, withinMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const impatience = setTimeout(() => signalGroup(child, "SIGKILL"), withinMs);
  await ended;
  clearTimeout(impatience);
}

export function startService(options: ServiceOptions): Service {
  const log = options.logDir === undefined ? undefined : join(options.logDir, `${options.name}.log`);
  let stopping = false;
  let restarting = false;
  let pauseMs = firstPauseMs;
  let timer: NodeJS.Timeout | undefined;

  const start = (): ChildProcess => {
    const startedAt = Date.now();
    const started = spawnService(options, log);
    const ended = (how: string) => {
      if (stopping) return;
      const lived = Date.now() - startedAt > healthyAfterMs;
      pauseMs = restarting || lived ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      if (!restarting) options.onCrash(options.name, how, pauseMs);
      timer = setTimeout(
        () => {
          child = start();
        },
        restarting ? 0 : pauseMs,
      );
      restarting = false;
    };
    started.once("exit", (code, signal) => ended(signal ?? `exit code ${code}`));
    started.once("error", (error) => started.pid === undefined && ended(error.message));
    return started;
  };
  let child = start();

  return {
    name: options.name,
    restart: () => {
      restarting = !hasEnded(child);
      child.kill("SIGTERM");
    },
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await stopChild(child, options.stopWithinMs);
    },
    lastLines: () =>
      log === undefined ? "" : readFileSync(log, "utf8").trim().split("\n").slice(-10).join("\n"),
  };
}
