import type { Reason } from "#common/result.ts";
import type { HostFactAnswer, HostFactRequest } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { Frame } from "./frames.ts";
import { defaultCommandTimeoutMs } from "./read-script.ts";
import { maxFileBytes } from "./roots.ts";

type Command = Extract<HostFactRequest, { type: "command" }>;

/** The output is the frame's content; errors and how it ended are on the other stream, in frames of the same number. */
export function commandAnswer(request: Command, frame: Frame, errors: readonly Frame[]): HostFactAnswer {
  const index = frame.words[0];
  const begin = errors.find(({ kind, words }) => kind === "c" && words[0] === index);
  const ended = errors.find(({ kind, words }) => kind === "x" && words[0] === index);
  const end = ended?.words;
  // What is capped passes through a process of its own: its last part may come after the news of the end.
  const stderr = begin && Buffer.concat([begin.content, ended?.content ?? Buffer.alloc(0)]);
  const what = `run ${request.argv.join(" ")}`;
  const unread = (...[code, token, sentence]: [Parameters<typeof readError>[0], string, string]) => {
    return { type: "unread", reason: readError(code, what, token, sentence).reason } as const;
  };
  if (frame.content.length > maxFileBytes || (stderr && stderr.length > maxFileBytes)) {
    return unread("truncated", "output-too-large", "it wrote more than 1 MiB");
  }
  if (!stderr || !end) return unread("server-error", "no-exit", "how it ended was not told");
  const exitCode = Number(end[1]);
  const timeoutMs = request.timeoutMs ?? defaultCommandTimeoutMs;
  const tookMs = (Number(end[2]) - Number(frame.words[1])) * 1000;
  const limitMs = Math.max(1, Math.ceil(timeoutMs / 1000)) * 1000;
  if ([124, 137, 143].includes(exitCode) && tookMs >= limitMs - 50) {
    return unread("timed-out", "command-timeout", `it did not end within ${timeoutMs} ms`);
  }
  const text = stderr.toString("utf8");
  const file = request.argv[0];
  if ([126, 127].includes(exitCode) && /^(env|timeout): (failed to run command|can't execute) /.test(text)) {
    return unread("not-permitted", "not-permitted", `${file} may not be run`);
  }
  const refusal = request.sudo ? sudoRefusal(request.argv, { exitCode, stderr: text }) : undefined;
  if (refusal) return { type: "unread", reason: refusal };
  if (exitCode > 128 && exitCode < 160) {
    return unread("server-error", "command-killed", `it was ended by signal ${exitCode - 128}`);
  }
  return { type: "command", stdout: frame.content.toString("utf8"), stderr: text, exitCode };
}

/** sudo's own no, told from the command's errors. */
export function sudoRefusal(
  argv: readonly string[],
  output: { exitCode: number; stderr: string },
): Reason | undefined {
  if (output.exitCode !== 1 || !/^(sudo: |Sorry, user )/m.test(output.stderr)) return undefined;
  const why = output.stderr.trim().split("\n").at(-1)?.slice(0, 200);
  const sentence = `sudo does not let this user run it (${why})`;
  return readError("not-permitted", `run ${argv.join(" ")}`, "sudo-refused", sentence).reason;
}
