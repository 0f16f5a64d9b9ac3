import type { FileHandle } from "node:fs/promises";

/** A file inside of an archive: where its bytes lie, and how long they are packed and unpacked. */
export type Packed = { name: string; deflated: boolean; start: number; packedBytes: number; bytes: number };

/** Why an archive is not read: it breaks off, or is not laid out as one that can hold nothing hidden. */
export class LayoutError extends Error {
  readonly problem: "not-a-bundle" | "truncated" | "appended" | "layout";
  constructor(problem: LayoutError["problem"]) {
    super(problem);
    this.problem = problem;
  }
}

const marks = { file: 0x04034b50, directory: 0x02014b50, end: 0x06054b50 };
const endBytes = 22;
const mostEntries = 64;
const mostDirectoryBytes = 64 * 1024;
// What a packer may say of a file and we still read it as it is: how hard it pressed, and that its name is UTF-8.
const harmlessFlags = 0x0806;

/**
 * What is in a zip file, read from its directory and checked against the files themselves: they lie one after the
 * other from the first byte on, are called the same in both places, and nothing is between, before or behind them. So
 * no two programs can see different contents in it. Nothing is unpacked, and no more than the directory is held.
 */
export async function readZipDirectory(file: FileHandle): Promise<Packed[]> {
  const { size } = await file.stat();
  const end = await readEnd(file, size);
  const directory = await read(file, end.offset, end.bytes);
  const entries: Packed[] = [];
  let [at, next] = [0, 0];
  for (let left = end.count; left > 0; left -= 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== marks.directory)
      throw new LayoutError("layout");
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) =>
      directory.readUInt16LE(at + place),
    );
    const stop = at + 46 + (nameBytes ?? 0) + (extraBytes ?? 0) + (commentBytes ?? 0);
    if (stop > directory.length) throw new LayoutError("layout");
    const header = directory.subarray(at, stop);
    const entry = await readEntry(file, header, next);
    entries.push(entry);
    next = entry.start + entry.packedBytes;
    at = stop;
  }
  if (at !== directory.length || next !== end.offset) throw new LayoutError("layout");
  return entries;
}

async function readEnd(file: FileHandle, size: number) {
  const start = size >= 4 ? (await read(file, 0, 4)).readUInt32LE(0) : 0;
  if (start !== marks.file) throw new LayoutError("not-a-bundle");
  const tail = await read(file, Math.max(0, size - mostDirectoryBytes), Math.min(size, mostDirectoryBytes));
  const found = tail.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (found < 0) throw new LayoutError("truncated");
  if (found + endBytes > tail.length) throw new LayoutError("truncated");
  if (found + endBytes < tail.length) throw new LayoutError("appended");
  const [count, bytes, offset] = [
    tail.readUInt16LE(found + 10),
    tail.readUInt32LE(found + 12),
    tail.readUInt32LE(found + 16),
  ];
  if (tail.readUInt32LE(found + 4) !== 0 || count > mostEntries) throw new LayoutError("layout");
  if (bytes > mostDirectoryBytes || offset + bytes + endBytes !== size) throw new LayoutError("layout");
  return { count, bytes, offset };
}

async function readEntry(file: FileHandle, header: Buffer, expectedAt: number): Promise<Packed> {
  const [flags, method] = [header.readUInt16LE(8), header.readUInt16LE(10)];
  const [packedBytes, bytes, offset] = [
    header.readUInt32LE(20),
    header.readUInt32LE(24),
    header.readUInt32LE(42),
  ];
  const name = header.subarray(46, 46 + header.readUInt16LE(28)).toString("utf8");
  if ((flags & ~harmlessFlags) !== 0 || (method !== 0 && method !== 8)) throw new LayoutError("layout");
  if (offset !== expectedAt || (method === 0 && bytes !== packedBytes)) throw new LayoutError("layout");
  const local = await read(file, offset, 30);
  if (local.readUInt32LE(0) !== marks.file) throw new LayoutError("layout");
  const nameBytes = local.readUInt16LE(26);
  const localName = (await read(file, offset + 30, nameBytes)).toString("utf8");
  const same = [6, 8].every((at) => local.readUInt16LE(at) === header.readUInt16LE(at + 2));
  const sizes = local.readUInt32LE(18) === packedBytes && local.readUInt32LE(22) === bytes;
  if (localName !== name || !same || !sizes) throw new LayoutError("layout");
  const start = offset + 30 + nameBytes + local.readUInt16LE(28);
  return { name, deflated: method === 8, start, packedBytes, bytes };
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead < length) throw new LayoutError("truncated");
  return buffer;
}
