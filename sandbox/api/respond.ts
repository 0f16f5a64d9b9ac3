import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip, gzipSync } from "node:zlib";
import type { Answer } from "./context.ts";

/** Below this a real server does not compress. */
const gzipThresholdBytes = 128 * 1024;

const wantsGzip = (request: IncomingMessage) =>
  /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
const indented = (request: IncomingMessage) =>
  /^(curl|Wget|Mozilla)/.test(request.headers["user-agent"] ?? "") ||
  /[?&]pretty=(true|1)/.test(request.url ?? "");

/** Writes the answer; resolves with the bytes of its body before compression. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<number> {
  for (const [name, value] of Object.entries(commonHeaders(answer))) response.setHeader(name, value);
  response.statusCode = answer.status;
  if ("stream" in answer) return sendStream(response, answer.stream);
  if ("pieces" in answer) return sendPieces(request, response, answer.pieces);
  const text = "text" in answer ? answer.text : objectText(request, answer.object);
  return sendWhole(request, response, text);
}

async function sendStream(
  response: ServerResponse,
  stream: Extract<Answer, { stream: unknown }>["stream"],
): Promise<number> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.flushHeaders();
  let bytes = 0;
  await stream((text) => {
    bytes += Buffer.byteLength(text);
    response.write(text);
  }, gone.signal);
  response.end();
  return bytes;
}

function objectText(request: IncomingMessage, object: unknown): string {
  return indented(request) ? JSON.stringify(object, null, 2) : `${JSON.stringify(object)}\n`;
}

function commonHeaders(answer: Answer): Record<string, string> {
  const contentType = "text" in answer ? "text/plain; charset=utf-8" : "application/json";
  return {
    "Cache-Control": "no-cache, private",
    "Content-Type": contentType,
    ...answer.headers,
  };
}

function sendWhole(request: IncomingMessage, response: ServerResponse, text: string): number {
  const bytes = Buffer.byteLength(text);
  const noBody = response.statusCode === 304 || response.statusCode === 204;
  const compressed = !noBody && bytes > gzipThresholdBytes && wantsGzip(request);
  const body = compressed ? gzipSync(text, { level: 1 }) : Buffer.from(text);
  if (compressed) markCompressed(response);
  if (!noBody) response.setHeader("Content-Length", body.length);
  response.end(request.method === "HEAD" || noBody ? undefined : body);
  return bytes;
}

function markCompressed(response: ServerResponse): void {
  response.setHeader("Content-Encoding", "gzip");
  response.setHeader("Vary", "Accept-Encoding");
}

/** Small lists go out whole; large ones as they are made, so that their size costs no memory. */
async function sendPieces(
  request: IncomingMessage,
  response: ServerResponse,
  pieces: Iterable<string>,
): Promise<number> {
  const blocks = inBlocks(pieces, gzipThresholdBytes);
  const first = blocks.next();
  const second = first.done ? first : blocks.next();
  if (second.done) return sendWhole(request, response, first.done ? "" : first.value);
  let bytes = 0;
  function* counted(): Generator<Buffer> {
    for (const block of chain([String(first.value), second.value], blocks)) {
      const buffer = Buffer.from(block);
      bytes += buffer.length;
      yield buffer;
    }
  }
  const source = Readable.from(counted());
  if (wantsGzip(request)) {
    markCompressed(response);
    await pipeline(source, createGzip({ level: constants.Z_BEST_SPEED }), response);
  } else await pipeline(source, response);
  return bytes;
}

function* chain<T>(first: Iterable<T>, rest: Iterable<T>): Generator<T> {
  yield* first;
  yield* rest;
}

function* inBlocks(pieces: Iterable<string>, characters: number): Generator<string> {
  let block: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    block.push(piece);
    length += piece.length;
    if (length <= characters) continue;
    yield block.join("");
    block = [];
    length = 0;
  }
  if (length > 0) yield block.join("");
}
