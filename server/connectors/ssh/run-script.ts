import type { ClientChannel } from "ssh2";
import type { ReadContext } from "../connector.ts";
import { readError } from "../read-error.ts";

export type ScriptRun = {
  stdout: Buffer;
  stderr: Buffer;
  /** why it was not waited for to its end, where it was not */
  stopped?: "too-much" | "too-long" | "cut";
};

/**
 * Sends a script to a waiting shell and takes what it says until the shell ends. Its input stays open until then: a
 * host that loses us sees that at once.
 */
export function runScript(
  channel: ClientChannel,
  script: string,
  options: { context: ReadContext; limitMs: number; maxBytes: number },
): Promise<ScriptRun> {
  const { context, limitMs, maxBytes } = options;
  const { signal, meter } = context;
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let total = 0;
  let stopped: ScriptRun["stopped"];
  let hasExited = false;
  const ended = Promise.withResolvers<ScriptRun>();
  const finish = () => {
    if (!hasExited) stopped ??= "cut";
    ended.resolve({ stdout: Buffer.concat(out), stderr: Buffer.concat(err), stopped });
  };
  const stop = (why: NonNullable<ScriptRun["stopped"]>) => {
    stopped ??= why;
    channel.end();
    channel.close();
    finish();
  };
  const timer = setTimeout(() => stop("too-long"), limitMs);
  const onAbort = () => {
    channel.end();
    channel.close();
    ended.reject(signal.reason);
  };
  const take = (chunks: Buffer[]) => (chunk: Buffer) => {
    meter.bytes(chunk.length);
    total += chunk.length;
    if (total > maxBytes) stop("too-much");
    else chunks.push(chunk);
  };
  channel.on("data", take(out));
  channel.stderr.on("data", take(err));
  channel.on("exit", () => {
    hasExited = true;
  });
  channel.on("close", finish);
  channel.on("error", finish);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  else channel.write(script);
  return ended.promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  });
}

/** Why a script that did not come to its end has no answer to something. */
export function stoppedReason(
  run: ScriptRun,
  at: { what: string; name: string; limitMs: number; maxBytes: number },
) {
  const { what, name } = at;
  if (run.stopped === "too-much") {
    const sentence = `all answers together are larger than ${at.maxBytes >> 20} MiB`;
    return readError("truncated", what, "output-too-large", sentence).reason;
  }
  if (run.stopped === "too-long") {
    return readError(
      "timed-out",
      what,
      "host-timeout",
      `the host had not answered after ${at.limitMs / 1000} s`,
    ).reason;
  }
  if (run.stopped === "cut") {
    return readError(
      "unreachable",
      what,
      "connection-cut",
      `${name} closed the connection before it had answered`,
    ).reason;
  }
  const said = run.stderr.toString("utf8").trim().split("\n").at(-1)?.slice(0, 200);
  const sentence = `the host ran no POSIX shell for this user${said ? ` (${said})` : ""}`;
  return readError("server-error", what, "no-shell", sentence).reason;
}
