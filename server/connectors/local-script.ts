import { spawn } from "node:child_process";
import type { ReadContext } from "./connector.ts";
import { environment } from "./host-script/roots.ts";
import { readError } from "./read-error.ts";

const maxBytes = 4 << 20;

/**
 * Gives a script to a shell of this machine. Its input stays open until the script ends: should we be killed, that end
 * is what tells it.
 */
export async function runLocalScript(
  script: string,
  options: { context: ReadContext; limitMs: number; what: string },
): Promise<{ stdout: Buffer; stderr: Buffer }> {
  const { context, limitMs, what } = options;
  const { signal, meter } = context;
  signal.throwIfAborted();
  const child = spawn("/bin/sh", ["-s"], {
    cwd: "/",
    // The types of Next ask for NODE_ENV in every environment; a script has no use for it.
    env: environment as unknown as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const deadline = AbortSignal.timeout(limitMs);
  const stop = AbortSignal.any([signal, deadline]);
  const end = () => child.stdin.end();
  stop.addEventListener("abort", end, { once: true });
  // A shell that has gone takes no more of its script.
  child.stdin.on("error", () => {});
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let total = 0;
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk: Buffer) => {
      meter.bytes(chunk.length);
      total += chunk.length;
      if (total > maxBytes) end();
      else chunks[name].push(chunk);
    });
  }
  try {
    child.stdin.write(script);
    await new Promise<void>((fulfil, reject) => {
      child.once("error", reject);
      child.once("close", () => fulfil());
    });
    signal.throwIfAborted();
    if (deadline.aborted) {
      throw readError("timed-out", what, "command-timeout", `it did not end within ${limitMs / 1000} s`);
    }
    if (total > maxBytes) throw readError("truncated", what, "output-too-large", "it wrote more than 1 MiB");
    return { stdout: Buffer.concat(chunks.stdout), stderr: Buffer.concat(chunks.stderr) };
  } finally {
    stop.removeEventListener("abort", end);
    child.stdin.destroy();
  }
}
