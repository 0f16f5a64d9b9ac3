import { spawn } from "node:child_process";
import { environment } from "./host-script/roots.ts";
import { readError, systemCode } from "./read-error.ts";

export type CommandOutput = { stdout: string; stderr: string; exitCode: number };

const maxOutputBytes = 1 << 20;
/** Runs a constant command without a shell, in a process group of its own, which ends with the time or the abort. */
export async function runCommand(
  argv: readonly [string, ...string[]],
  options: { signal: AbortSignal; timeoutMs: number },
): Promise<CommandOutput> {
  const { signal, timeoutMs } = options;
  const [file, ...args] = argv;
  const what = `run ${argv.join(" ")}`;
  signal.throwIfAborted();
  const child = spawn(file, args, {
    cwd: "/",
    // The types of Next ask for NODE_ENV in every environment; a command has no use for it.
    env: environment as unknown as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    shell: false,
  });
  const end = () => {
    // A group is killed whole: what the command started would otherwise live on.
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if (systemCode(error) !== "ESRCH") throw error;
    }
  };
  const deadline = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, deadline]);
  stop.addEventListener("abort", end, { once: true });
  let isTooMuch = false;
  const overflow = () => {
    isTooMuch = true;
    end();
  };
  try {
    const stdout = collect(child.stdout, overflow);
    const stderr = collect(child.stderr, overflow);
    const exit = await new Promise<{ code: number | null; killedBy: string | null }>((fulfil, reject) => {
      child.once("error", reject);
      child.once("close", (code, killedBy) => fulfil({ code, killedBy }));
    });
    signal.throwIfAborted();
    if (isTooMuch) throw readError("truncated", what, "output-too-large", "it wrote more than 1 MiB");
    if (deadline.aborted) {
      throw readError("timed-out", what, "command-timeout", `it did not end within ${timeoutMs} ms`);
    }
    if (exit.code === null) {
      throw readError("server-error", what, "command-killed", `it was ended by ${exit.killedBy}`);
    }
    return { stdout: stdout(), stderr: stderr(), exitCode: exit.code };
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") {
      throw readError("tool-missing", what, "tool-missing", `${file} is not installed`, error);
    }
    if (code === "EACCES" || code === "EPERM") {
      throw readError("not-permitted", what, "not-permitted", `${file} may not be run (${code})`, error);
    }
    throw error;
  } finally {
    stop.removeEventListener("abort", end);
  }
}

function collect(stream: NodeJS.ReadableStream, onOverflow: () => void): () => string {
  const chunks: Buffer[] = [];
  let total = 0;
  stream.on("data", (chunk: Buffer) => {
    total += chunk.length;
    if (total > maxOutputBytes) onOverflow();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
