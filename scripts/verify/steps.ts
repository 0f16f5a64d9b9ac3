// Runs a list of commands, as many at once as the machine bears, and keeps the output of those that fail.
import { spawn } from "node:child_process";
import { project } from "../launcher/project.ts";

export type Step = {
  name: string;
  /** a script and its arguments, run by this Node */
  args: string[];
  /** names of steps that must have ended well before */
  after?: string[];
  env?: Record<string, string>;
};

export type StepResult = { name: string; ok: boolean; seconds: number; output: string };

export function runStep({ name, args, env }: Step): Promise<StepResult> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: project,
    env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const end = (ok: boolean, note = "") => {
      const output = `${Buffer.concat(chunks).toString("utf8").trimEnd()}${note}`;
      resolve({ name, ok, seconds: (performance.now() - startedAt) / 1000, output });
    };
    child.once("error", (error) => end(false, error.message));
    child.once("close", (code, signal) => end(code === 0, signal === null ? "" : `\nended by ${signal}`));
  });
}

/** Runs all, whatever fails; only what comes `after` a failed step is failed without being run. */
export async function runSteps(
  steps: readonly Step[],
  options: { atOnce: number; onEnd: (result: StepResult) => void },
): Promise<StepResult[]> {
  const results = new Map<string, StepResult>();
  const waiting = [...steps];
  const settle = (result: StepResult) => {
    results.set(result.name, result);
    options.onEnd(result);
  };
  const takeNext = (): Step | undefined => {
    const index = waiting.findIndex(({ after = [] }) => after.every((name) => results.has(name)));
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  };
  const work = async () => {
    for (let step = takeNext(); step !== undefined; step = takeNext()) {
      const broken = step.after?.find((name) => results.get(name)?.ok === false);
      if (broken === undefined) settle(await runStep(step));
      else settle({ name: step.name, ok: false, seconds: 0, output: `not run, since ${broken} failed` });
    }
  };
  while (waiting.length > 0) await Promise.all(Array.from({ length: options.atOnce }, work));
  return [...results.values()];
}
