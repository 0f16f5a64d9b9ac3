import type { Reason } from "#common/result.ts";
import type { HostFactAnswer, HostFactRequest } from "../connector.ts";
import { commandAnswer } from "./command-answer.ts";
import { type Frame, splitBatch, splitFrames, splitNuls } from "./frames.ts";
import { failedRead, toldReason, tooLarge } from "./reasons.ts";
import { maxFileBytes } from "./roots.ts";
import { parseStat } from "./stat-line.ts";

export type ScriptOutput = { stdout: Buffer; stderr: Buffer; boundary: string };
/** What one request has so far: what was read by path, what could not be, whether more match. */
type Gathered = { found: Map<string, Buffer>; unread: Map<string, Reason>; truncated: boolean };
type Work = { requests: readonly HostFactRequest[]; gathered: Gathered[]; boundary: string };

/**
 * Reads a script's output back. `whole` is whether it came to its end; where it did not, a request without an answer
 * has none here, and whoever asked knows why.
 */
export function readAnswers(
  requests: readonly HostFactRequest[],
  output: ScriptOutput,
): { answers: Map<string, HostFactAnswer>; whole: boolean } {
  const gathered = requests.map((): Gathered => ({ found: new Map(), unread: new Map(), truncated: false }));
  const work = { requests, gathered, boundary: output.boundary };
  const frames = splitFrames(output.stdout, output.boundary);
  const errors = splitFrames(output.stderr, output.boundary);
  const answers = new Map<string, HostFactAnswer>();
  for (const [index, frame] of frames.entries()) {
    const next = frames[index + 1];
    const request = requests[Number(frame.words[0])];
    if (frame.kind === "c" && request?.type === "command") {
      if (next?.kind === "d") answers.set(request.id, commandAnswer(request, frame, errors));
    } else takeFrame(frame, next, work);
  }
  const whole = frames.some(({ kind }) => kind === "z");
  for (const [index, request] of requests.entries()) {
    const own = gathered[index];
    const answer = own && !answers.has(request.id) ? answerOf(request, own, whole) : undefined;
    if (answer) answers.set(request.id, answer);
  }
  return { answers, whole };
}

function takeFrame(frame: Frame, next: Frame | undefined, work: Work): void {
  switch (frame.kind) {
    case "B":
    case "L":
    case "A":
      if (next?.kind === "X" && next.words[0] === "0") takeBatch(frame, work);
      return;
    case "S":
    case "l":
    case "a":
      if (next?.kind === "T") takeSingle(frame, next, work);
      return;
    case "r": {
      const index = Number(frame.words[1]);
      const request = work.requests[index];
      const path = frame.content.toString("utf8");
      if (request) work.gathered[index]?.unread.set(path, toldReason(frame.words[0] ?? "", path, request));
      return;
    }
    case "t": {
      const own = work.gathered[Number(frame.words[0])];
      if (own) own.truncated = true;
    }
  }
}

function takeBatch(frame: Frame, { requests, gathered, boundary }: Work): void {
  const indexes = (frame.words[0] ?? "").split(",").filter(Boolean).map(Number);
  // A batch of contents names the reader's environment after each file.
  const width = frame.kind === "B" ? 2 : 1;
  const named = splitNuls(frame.content, indexes.length * width);
  const paths = named?.texts.filter((_, position) => position % width === 0) ?? [];
  const parts = named && partsOf(frame.kind, named.rest, { boundary, count: indexes.length });
  for (const [position, index] of indexes.entries()) {
    const [own, path, request] = [gathered[index], paths[position], requests[index]];
    const data = parts?.[position];
    if (!own || !request || path === undefined) continue;
    if (data === undefined) own.unread.set(path, toldReason("mixed", path, request));
    else keep(own, path, data);
  }
}

function partsOf(kind: string, rest: Buffer, at: { boundary: string; count: number }): Buffer[] | undefined {
  if (kind === "B") return splitBatch(rest, at.boundary, at.count);
  const texts =
    kind === "L" ? splitNuls(rest, at.count)?.texts : rest.toString("latin1").split("\n").slice(0, -1);
  return texts?.length === at.count ? texts.map((text) => Buffer.from(text)) : undefined;
}

function takeSingle(frame: Frame, end: Frame, { requests, gathered }: Work): void {
  const index = Number(frame.words[0]);
  const [own, request] = [gathered[index], requests[index]];
  const named = splitNuls(frame.content, 1);
  const path = named?.texts[0];
  if (!own || !request || !named || path === undefined) return;
  if (end.words[0] === "0") keep(own, path, named.rest);
  else own.unread.set(path, failedRead(end.content.toString("utf8"), path, request));
}

function keep(own: Gathered, path: string, data: Buffer): void {
  if (data.length > maxFileBytes) own.unread.set(path, tooLarge(path));
  else own.found.set(path, data);
}

function answerOf(request: HostFactRequest, own: Gathered, whole: boolean): HostFactAnswer | undefined {
  if (request.type === "file" || request.type === "command") {
    const [text] = [...own.found.values()];
    const [reason] = [...own.unread.values()];
    if (request.type === "file" && text) return { type: "file", text: text.toString("utf8") };
    return reason && { type: "unread", reason };
  }
  if (!whole) return undefined;
  const { truncated } = own;
  // Gone between listing and reading, as processes are: it is simply no longer there.
  const unreadable = [...own.unread.values()].filter(({ code }) => code !== "not-found");
  const found = [...own.found].sort(([a], [b]) => (a < b ? -1 : 1));
  switch (request.type) {
    case "glob": {
      const files = found.map(([path, data]) => ({ path, text: data.toString("utf8") }));
      return { type: "glob", files, truncated, unreadable };
    }
    case "links": {
      const links = found.map(([path, data]) => ({ path, target: data.toString("utf8") }));
      return { type: "links", links, truncated, unreadable };
    }
    case "stats": {
      const stats = found.flatMap(([path, data]) => parseStat(path, data.toString("latin1")) ?? []);
      return { type: "stats", stats, truncated, unreadable };
    }
  }
}
