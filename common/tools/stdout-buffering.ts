/** When a printed line leaves a program, by its runtime, the stream and where that stream goes. */

export const bufferRuntimes = ["glibc", "musl", "python", "perl", "ruby", "go", "node", "java"] as const;
export const bufferStreams = ["stdout", "stderr"] as const;
export const bufferTargets = ["terminal", "pipe", "file"] as const;

export type BufferInput = {
  runtime: (typeof bufferRuntimes)[number];
  stream: (typeof bufferStreams)[number];
  target: (typeof bufferTargets)[number];
  /** the runtime's own switch is set: PYTHONUNBUFFERED, $|, sync, stdbuf -oL */
  switched: boolean;
};

export type Buffering = { mode: "none" | "line" | "full"; bytes: number };

const blocks = { glibc: 4096, musl: 1024, python: 8192, perl: 8192, ruby: 8192 } as const;
type Holding = keyof typeof blocks;

/** The switch of each runtime; null: it holds nothing back. */
export const bufferSwitches: Record<BufferInput["runtime"], string | null> = {
  glibc: "stdbuf -oL",
  musl: "setvbuf()",
  python: "PYTHONUNBUFFERED=1",
  perl: "$| = 1",
  ruby: "$stdout.sync = true",
  go: null,
  node: null,
  java: null,
};

const isHolding = (runtime: BufferInput["runtime"]): runtime is Holding => runtime in blocks;

export function bufferingOf({ runtime, stream, target, switched }: BufferInput): Buffering {
  if (!isHolding(runtime)) return { mode: "none", bytes: 0 };
  // Python's stderr was as its stdout until 3.9 made it line-buffered wherever it goes.
  if (stream === "stderr")
    return runtime === "python" ? { mode: "line", bytes: 8192 } : { mode: "none", bytes: 0 };
  if (switched) return runtime === "glibc" ? { mode: "line", bytes: 1024 } : { mode: "none", bytes: 0 };
  const bytes = blocks[runtime];
  return target === "terminal" ? { mode: "line", bytes } : { mode: "full", bytes };
}

export type BufferRate = { lineBytes: number; linesPerMinute: number };

export type BufferResult = Buffering & {
  /** seconds from a program's first line to the moment somebody sees it */
  firstSeenSeconds: number;
  /** lines that may be lost when it is killed */
  linesAtRisk: number;
};

export function bufferResult(input: BufferInput, { lineBytes, linesPerMinute }: BufferRate): BufferResult {
  const buffering = bufferingOf(input);
  if (buffering.mode !== "full") return { ...buffering, firstSeenSeconds: 0, linesAtRisk: 0 };
  const linesToFill = Math.ceil(buffering.bytes / lineBytes);
  return {
    ...buffering,
    firstSeenSeconds: ((linesToFill - 1) * 60) / linesPerMinute,
    linesAtRisk: Math.floor((buffering.bytes - 1) / lineBytes),
  };
}
