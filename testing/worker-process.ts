import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

export type WorkerProcess = {
  child: ChildProcess;
  /** everything it has printed so far */
  output: () => string;
  /** -9: it gets no chance to tidy up */
  kill(): Promise<void>;
  /** SIGTERM, and until it has gone */
  stop(): Promise<number | null>;
};

/** A real worker process, ready to take jobs. It may reach loopback addresses, where the practice cluster listens. */
export async function startWorkerProcess(options: {
  url: string;
  keys: { publicKey: string; privateKey: string };
  env?: Record<string, string>;
}): Promise<WorkerProcess> {
  const project = path.join(import.meta.dirname, "..");
  const child = spawn(process.execPath, [path.join(project, "server/jobs/worker.ts")], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_ENV: "test",
      DATABASE_URL: options.url,
      WEEKBOOK_AUTH_SECRET: "a secret of the tests, 32 characters or more",
      WEEKBOOK_WORKER_PUBLIC_KEY: options.keys.publicKey,
      WEEKBOOK_WORKER_PRIVATE_KEY: options.keys.privateKey,
      WEEKBOOK_ALLOWED_RANGES: "127.0.0.0/8",
      WEEKBOOK_THIS_MACHINE: "1",
      LOG_LEVEL: "trace",
      ...options.env,
    },
  });
  let output = "";
  const ready = Promise.withResolvers<void>();
  const take = (chunk: Buffer) => {
    output += chunk;
    if (output.includes('"msg":"ready"')) ready.resolve();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const exited = once(child, "exit");
  exited.then(() => ready.reject(new Error(`the worker ended before it was ready:\n${output}`)));
  await ready.promise;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  return {
    child,
    output: () => output,
    kill: async () => {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
  };
}
