import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { readError } from "../read-error.ts";

/** The whole text of an answer. `onBytes` counts as received, the limit what comes out of gzip. */
export async function readBody(
  body: Readable,
  options: { isGzip: boolean; maxBytes: number; what: string; onBytes: (count: number) => void },
): Promise<string> {
  body.on("data", (chunk: Buffer) => options.onBytes(chunk.length));
  // A failed pipeline destroys its last stream with the error, so that the loop below throws it.
  const plain = options.isGzip ? pipeline(body, createGunzip(), () => undefined) : body;
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of plain) {
    total += chunk.length;
    if (total > options.maxBytes) {
      const sentence = `the answer is larger than ${options.maxBytes / (1 << 20)} MiB`;
      throw readError("truncated", options.what, "answer-too-large", sentence);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, total).toString("utf8");
}

/**
 * The text of an answer up to a size, and whether there was more. With `keepLines` only lines that begin with one of
 * these count and stay.
 */
export async function readCutBody(
  body: Readable,
  options: {
    isGzip: boolean;
    maxBytes: number;
    keepLines?: readonly string[];
    onBytes: (count: number) => void;
  },
): Promise<{ text: string; truncated: boolean }> {
  body.on("data", (chunk: Buffer) => options.onBytes(chunk.length));
  const plain = options.isGzip ? pipeline(body, createGunzip(), () => undefined) : body;
  const kept: string[] = [];
  let keptBytes = 0;
  const keep = options.keepLines;
  const wanted = (line: string) => keep?.some((start) => line.startsWith(start)) ?? true;
  for await (const piece of keep ? linesOf(plain) : plain.setEncoding("utf8")) {
    if (!wanted(piece)) continue;
    const bytes = Buffer.byteLength(piece);
    if (keptBytes + bytes > options.maxBytes) {
      if (!keep)
        kept.push(
          Buffer.from(piece)
            .subarray(0, options.maxBytes - keptBytes)
            .toString("utf8"),
        );
      plain.destroy();
      body.destroy();
      return { text: kept.join(""), truncated: true };
    }
    keptBytes += bytes;
    // A slice of a string keeps the whole string alive: a few lines must not hold the chunk they came in.
    kept.push(keep ? Buffer.from(piece).toString("utf8") : piece);
  }
  return { text: kept.join(""), truncated: false };
}

const longestLineCharacters = 4 << 20;

/** Lines with their line feed, as they come. */
export async function* linesOf(body: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of body.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield `${line}\n`;
    if (rest.length <= longestLineCharacters) continue;
    throw readError(
      "malformed",
      "read an answer line by line",
      "line-too-long",
      "a line is longer than 4 MiB",
    );
  }
  if (rest !== "") yield rest;
}
