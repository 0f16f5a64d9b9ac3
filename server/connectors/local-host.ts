import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { HostConnector, HostFactAnswer, HostFactRequest, ReadContext } from "./connector.ts";
import { ReadError } from "./connector.ts";
import { sudoRefusal } from "./host-script/command-answer.ts";
import { performOutput, performScript } from "./host-script/perform-script.ts";
import { runCommand } from "./local-command.ts";
import { type HostFiles, openHostFiles } from "./local-files.ts";
import { runLocalScript } from "./local-script.ts";

export type LocalHostOptions = {
  /** read /proc, /sys and the others below this folder instead */
  root?: string;
  commandTimeoutMs?: number;
};

/** The machine we run on. Reads files and runs constant commands; changes nothing but for an active check. */
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
    async perform(request, context) {
      const boundary = randomBytes(16).toString("hex");
      context.meter.call();
      const script = performScript(request, boundary);
      const limitMs = (request.limitSeconds + 30) * 1000;
      const output = await runLocalScript(script, {
        context,
        limitMs,
        what: `run ${request.argv.join(" ")}`,
      });
      return performOutput(request, { ...output, boundary });
    },
    close: () => Promise.resolve(),
  };
}

type At = { files: HostFiles; timeoutMs: number; context: ReadContext };

async function answer(request: HostFactRequest, at: At): Promise<HostFactAnswer> {
  try {
    const found = await read(request, at);
    for (const text of textsOf(found)) at.context.meter.bytes(text.length);
    return found;
  } catch (error) {
    at.context.signal.throwIfAborted();
    if (error instanceof ReadError) return { type: "unread", reason: error.reason };
    throw error;
  }
}

async function read(request: HostFactRequest, at: At): Promise<HostFactAnswer> {
  const { signal } = at.context;
  switch (request.type) {
    case "command":
      return command(request, at);
    case "file":
      return { type: "file", text: await at.files.read(request.path, signal) };
    case "glob": {
      const { found, ...rest } = await at.files.glob(request.pattern, { limit: request.limit, signal });
      return { type: "glob", files: found, ...rest };
    }
    case "links": {
      const { found, ...rest } = await at.files.links(request.pattern, { limit: request.limit, signal });
      return { type: "links", links: found, ...rest };
    }
    case "stats": {
      const { found, ...rest } = await at.files.stats(request.pattern, { limit: request.limit, signal });
      return { type: "stats", stats: found, ...rest };
    }
  }
}

async function command(
  request: Extract<HostFactRequest, { type: "command" }>,
  { context, timeoutMs }: At,
): Promise<HostFactAnswer> {
  const asRoot = request.sudo && process.geteuid?.() !== 0;
  const argv = asRoot ? (["sudo", "-n", "--", ...request.argv] as const) : request.argv;
  const options = { signal: context.signal, timeoutMs: request.timeoutMs ?? timeoutMs };
  const output = await runCommand(argv, options);
  const refusal = asRoot ? sudoRefusal(request.argv, output) : undefined;
  return refusal ? { type: "unread", reason: refusal } : { type: "command", ...output };
}

function textsOf(answer: HostFactAnswer): string[] {
  if (answer.type === "file") return [answer.text];
  if (answer.type === "glob") return answer.files.map(({ text }) => text);
  return answer.type === "command" ? [answer.stdout, answer.stderr] : [];
}
