import { hostname } from "node:os";
import type { HostConnector, HostFactAnswer, HostFactRequest, ReadContext } from "./connector.ts";
import { ReadError } from "./connector.ts";
import { runCommand } from "./local-command.ts";
import { type HostFiles, openHostFiles } from "./local-files.ts";
import { readError } from "./read-error.ts";

export type LocalHostOptions = {
  /** read /proc, /sys and the others below this folder instead */
  root?: string;
  commandTimeoutMs?: number;
};

/** The machine we run on. Reads files and runs constant commands; changes nothing. */
export function createLocalHostConnector(options: LocalHostOptions = {}): HostConnector {
  const files = openHostFiles(options.root ?? "/");
  const timeoutMs = options.commandTimeoutMs ?? 10_000;
  return {
    name: hostname(),
    async read(requests, context) {
      const answers = new Map<string, HostFactAnswer>();
      for (const request of requests) {
        context.signal.throwIfAborted();
        context.meter.call();
        answers.set(request.id, await answer(request, { files, timeoutMs, context }));
      }
      return answers;
    },
    perform: () => Promise.reject(readError("internal", "perform", "not-there", "no active checks here")),
    close: () => Promise.resolve(),
  };
}

async function answer(
  request: HostFactRequest,
  at: { files: HostFiles; timeoutMs: number; context: ReadContext },
): Promise<HostFactAnswer> {
  const { signal, meter } = at.context;
  try {
    if (request.type === "command") {
      const output = await runCommand(request.argv, { signal, timeoutMs: at.timeoutMs });
      meter.bytes(output.stdout.length + output.stderr.length);
      return { type: "command", ...output };
    }
    if (request.type === "file") {
      const text = await at.files.read(request.path, signal);
      meter.bytes(text.length);
      return { type: "file", text };
    }
    if (request.type !== "glob") throw readError("internal", request.pattern, "not-there", "not read here");
    const found = await at.files.glob(request.pattern, { limit: request.limit, signal });
    for (const { text } of found.files) meter.bytes(text.length);
    return { type: "glob", ...found };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ReadError) return { type: "unread", reason: error.reason };
    throw error;
  }
}
