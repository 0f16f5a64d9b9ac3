export type Frame = { kind: string; words: string[]; content: Buffer };

/** The frames of one stream, in order. What comes before the first is the login's own noise. */
export function splitFrames(output: Buffer, boundary: string): Frame[] {
  const mark = Buffer.from(`\n${boundary} `);
  const frames: Frame[] = [];
  let start = output.indexOf(mark);
  while (start !== -1) {
    const head = start + mark.length;
    const next = output.indexOf(mark, head);
    const line = output.indexOf(10, head);
    if (line === -1) return frames;
    const [kind = "", ...words] = output.toString("latin1", head, line).split(" ");
    frames.push({ kind, words, content: output.subarray(line + 1, next === -1 ? output.length : next) });
    start = next;
  }
  return frames;
}

/** `count` texts that each end with a NUL, and what follows them. */
export function splitNuls(content: Buffer, count: number): { texts: string[]; rest: Buffer } | undefined {
  const texts: string[] = [];
  let from = 0;
  for (let index = 0; index < count; index += 1) {
    const end = content.indexOf(0, from);
    if (end === -1) return undefined;
    texts.push(content.toString("utf8", from, end));
    from = end + 1;
  }
  return { texts, rest: content.subarray(from) };
}

/**
 * The parts of a batch: the reader's environment twice, then after each file once more. It is learnt from its first
 * two: what lies between two sights of the boundary is as long as it is.
 */
export function splitBatch(rest: Buffer, boundary: string, count: number): Buffer[] | undefined {
  const sight = Buffer.from(`B=${boundary}\0`);
  const first = rest.indexOf(sight);
  const second = first === -1 ? -1 : rest.indexOf(sight, first + 1);
  if (second === -1) return undefined;
  const length = second - first;
  const mark = rest.subarray(0, length);
  if (!rest.subarray(length, 2 * length).equals(mark)) return undefined;
  const parts: Buffer[] = [];
  let from = 2 * length;
  for (;;) {
    const end = rest.indexOf(mark, from);
    if (end === -1) break;
    parts.push(rest.subarray(from, end));
    from = end + length;
  }
  return parts.length === count && from === rest.length ? parts : undefined;
}
