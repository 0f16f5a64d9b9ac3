import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import type { Packed } from "./zip-directory.ts";

/** A file's bytes as they come, and no more than `mostBytes` of them: what a packer promised is not believed. */
async function* unpack(file: FileHandle, packed: Packed, mostBytes: number): AsyncGenerator<Uint8Array> {
  const { start, packedBytes, deflated } = packed;
  if (packedBytes === 0) return;
  const raw = file.createReadStream({ start, end: start + packedBytes - 1, autoClose: false });
  let left = mostBytes;
  for await (const chunk of deflated ? Readable.from(raw).pipe(createInflateRaw()) : raw) {
    left -= chunk.length;
    if (left < 0) return yield chunk.subarray(0, chunk.length + left + 1);
    yield chunk;
  }
}

/** The whole of a small file; null where it is larger. */
export async function unpackSmall(
  file: FileHandle,
  packed: Packed,
  mostBytes: number,
): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of unpack(file, packed, mostBytes)) chunks.push(chunk);
  const all = Buffer.concat(chunks);
  return all.length > mostBytes ? null : all;
}

/** The SHA-256 of a file that should have so many bytes; of a longer one no more is read than shows that it is. */
export async function hashPacked(file: FileHandle, packed: Packed, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of unpack(file, packed, bytes)) hash.update(chunk);
  return hash.digest("hex");
}
