/** Thrown for bytes that are not what Kafka's protocol says they should be. */
export class WireError extends Error {}

/** Writes the types of Kafka's protocol before its flexible versions. */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    return this.#number(1, (buffer) => buffer.writeInt8(value));
  }
  int16(value: number): this {
    return this.#number(2, (buffer) => buffer.writeInt16BE(value));
  }
  int32(value: number): this {
    return this.#number(4, (buffer) => buffer.writeInt32BE(value));
  }
  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }
  string(value: string): this {
    const bytes = Buffer.from(value, "utf8");
    if (bytes.length > 32_767) throw new WireError("a string is too long");
    this.int16(bytes.length);
    this.#parts.push(bytes);
    return this;
  }
  bytes(value: Buffer): this {
    this.int32(value.length);
    this.#parts.push(value);
    return this;
  }
  array<T>(values: readonly T[] | null, write: (writer: this, value: T) => void): this {
    this.int32(values === null ? -1 : values.length);
    for (const value of values ?? []) write(this, value);
    return this;
  }
  done(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #number(length: number, write: (buffer: Buffer) => void): this {
    const buffer = Buffer.alloc(length);
    write(buffer);
    this.#parts.push(buffer);
    return this;
  }
}

/** Reads them. No length that an answer claims is believed beyond the bytes that are there. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#take(1).readInt8();
  }
  int16(): number {
    return this.#take(2).readInt16BE();
  }
  int32(): number {
    return this.#take(4).readInt32BE();
  }
  boolean(): boolean {
    return this.int8() !== 0;
  }
  string(): string {
    const value = this.nullableString();
    if (value === null) throw new WireError("a string is missing");
    return value;
  }
  nullableString(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.#take(length).toString("utf8");
  }
  bytes(): Buffer {
    return Buffer.from(this.#take(Math.max(0, this.int32())));
  }
  array<T>(read: (reader: this) => T): T[] {
    const count = this.int32();
    // Every element takes a byte at least.
    if (count > this.#bytes.length - this.#at) throw new WireError("an array is longer than the answer");
    const values: T[] = [];
    for (let index = 0; index < count; index++) values.push(read(this));
    return values;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new WireError("the answer is shorter than it says");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
