/** A file to pack: how long it is and its CRC-32 have to be known before its first byte. */
export type ZipEntry = { name: string; bytes: number; crc: number; body: AsyncIterable<Uint8Array> };

const noDate = 0x21; // the first day that the format knows: the same files make the same bytes
const version = 20;

/** Files one after the other, stored as they are and not compressed, then their directory. Names are plain ASCII. */
export async function* zip(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, "ascii");
    const header = Buffer.concat([localHeader(entry, name), name]);
    yield header;
    yield* entry.body;
    directory.push(Buffer.concat([directoryHeader(entry, name, offset), name]));
    offset += header.length + entry.bytes;
  }
  const all = Buffer.concat(directory);
  yield all;
  yield endOfDirectory(entries.length, all.length, offset);
}

function localHeader({ bytes, crc }: ZipEntry, name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(noDate, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(bytes, 18);
  header.writeUInt32LE(bytes, 22);
  header.writeUInt16LE(name.length, 26);
  return header;
}

function directoryHeader({ bytes, crc }: ZipEntry, name: Buffer, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(noDate, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(bytes, 20);
  header.writeUInt32LE(bytes, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  return header;
}

function endOfDirectory(count: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
