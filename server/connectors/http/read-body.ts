import type { Readable, Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** More than anybody waits for: the connection is cut there, and the body called truncated. */
export const maxWireBytes = 16 << 20;

export type Body = {
  /** the first of it, decoded */
  kept: Buffer;
  /** as received, whether kept or not */
  receivedBytes: number;
  truncated: boolean;
};

/** Reads to the end so that the time is right, and keeps `maxBytes` of what came. */
export async function readBody(
  stream: Readable,
  options: { maxBytes: number; encoding: string | undefined },
): Promise<Body & { endedAt: number }> {
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  let keptBytes = 0;
  let isCut = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    receivedBytes += chunk.length;
    if (keptBytes < options.maxBytes) {
      const part = chunk.subarray(0, options.maxBytes - keptBytes);
      chunks.push(part);
      keptBytes += part.length;
    }
    if (receivedBytes > maxWireBytes) {
      isCut = true;
      break;
    }
  }
  const endedAt = performance.now();
  const raw = Buffer.concat(chunks, keptBytes);
  const truncated = isCut || receivedBytes > keptBytes;
  const decoder = decoderOf(options.encoding);
  if (!decoder) return { kept: raw, receivedBytes, truncated, endedAt };
  const plain = await decoded(raw, decoder, options.maxBytes);
  return { kept: plain.kept, receivedBytes, truncated: truncated || plain.truncated, endedAt };
}

function decoderOf(encoding: string | undefined): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

/** Stops as soon as there is enough: a bomb is never unpacked. What follows a damaged place is not kept. */
async function decoded(
  raw: Buffer,
  decoder: Transform,
  maxBytes: number,
): Promise<{ kept: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let total = 0;
  decoder.end(raw);
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, maxBytes - total));
      total += chunk.length;
      if (total > maxBytes) return { kept: Buffer.concat(chunks), truncated: true };
    }
    return { kept: Buffer.concat(chunks), truncated: false };
  } catch {
    return { kept: Buffer.concat(chunks), truncated: true };
  }
}
