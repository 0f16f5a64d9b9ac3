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
