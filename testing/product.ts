// Starts the whole product as `npm start` does, on a free port and a data folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const project = join(import.meta.dirname, "..");
const ready = /Weekbook is ready after [\d.]+ s: (\S+)/;
const link = /(https?:\/\/\S+\/join\/\S+)/;

export type Ended = { code: number | null; output: string };

/** A launcher that may or may not come up: `output` is what it printed so far. */
export type Launcher = {
  child: ChildProcess;
  output: () => string;
  ended: Promise<Ended>;
  /** resolves when the pattern was printed; rejects when the launcher ends before */
  printed: (pattern: RegExp) => Promise<RegExpExecArray>;
};

export type LauncherOptions = { args?: string[]; env?: Record<string, string>; uid?: number; gid?: number };

export function startLauncher({ args = [], env = {}, uid, gid }: LauncherOptions): Launcher {
  const { DATABASE_URL: _, NODE_OPTIONS: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(project, "scripts/start.ts"), ...args], {
    cwd: project,
    env: { ...inherited, ...env } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
    uid,
    gid,
  });
  let output = "";
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    output += chunk;
    for (const listener of listeners) listener();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output);
        if (!match) return;
        listeners.delete(look);
        resolve(match);
      };
      listeners.add(look);
      look();
      ended.then(
        () => reject(new Error(`the launcher ended before it printed ${pattern}:\n${output}`)),
        reject,
      );
    });
  return { child, output: () => output, ended, printed };
}

export type Product = {
  url: string;
  /** the one-time link for the first account; undefined once somebody has joined */
  joinUrl: string | undefined;
  dataDir: string;
  launcher: Launcher;
  /** Ctrl-C; resolves with what `npm start` ends with */
  stop: () => Promise<Ended>;
};

export function newDataFolder(): string {
  return mkdtempSync(join(tmpdir(), "weekbook-data-"));
}

/** Removes the folder with the database that it may keep elsewhere. */
export function removeDataFolder(dataDir: string): void {
  let database: string | undefined;
  try {
    database = readlinkSync(join(dataDir, "postgres"));
  } catch {
    database = undefined;
  }
  if (database !== undefined) rmSync(database, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

export async function startProduct(options: {
  dataDir: string;
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
}): Promise<Product> {
  const { dataDir, env, ...who } = options;
  const launcher = startLauncher({ env: { PORT: "0", WEEKBOOK_DATA_DIR: dataDir, ...env }, ...who });
  const [, url = ""] = await launcher.printed(ready);
  await launcher.printed(/^Stop it with Ctrl-C/m);
  return {
    url,
    joinUrl: link.exec(launcher.output())?.[1],
    dataDir,
    launcher,
    stop: () => {
      launcher.child.kill("SIGINT");
      return launcher.ended;
    },
  };
}
