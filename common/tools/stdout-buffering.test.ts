import fc from "fast-check";
import { expect, test } from "vitest";
import { bufferingOf, bufferResult, bufferRuntimes } from "./stdout-buffering.ts";

const plain = { runtime: "glibc", stream: "stdout", target: "pipe", switched: false } as const;

test("the note's table, as glibc has it", () => {
  expect(bufferingOf({ ...plain, target: "terminal" }).mode).toBe("line");
  expect(bufferingOf(plain)).toEqual({ mode: "full", bytes: 4096 });
  expect(bufferingOf({ ...plain, stream: "stderr" }).mode).toBe("none");
});

test("a line of 80 bytes every ten seconds is first seen after more than eight minutes", () => {
  const result = bufferResult(plain, { lineBytes: 80, linesPerMinute: 6 });
  expect(result.firstSeenSeconds).toBe(510);
  expect(result.linesAtRisk).toBe(51);
});

/** Filled line by line, as a program does it. */
function simulated(bytes: number, lineBytes: number, linesPerMinute: number): { seen: number; most: number } {
  let [held, lines, most] = [0, 0, 0];
  for (;;) {
    lines += 1;
    held += lineBytes;
    if (held >= bytes) return { seen: ((lines - 1) * 60) / linesPerMinute, most };
    most = lines;
  }
}

test("agrees with filling the buffer line by line", () => {
  const rates = fc.record({
    lineBytes: fc.integer({ min: 1, max: 5000 }),
    linesPerMinute: fc.integer({ min: 1, max: 100_000 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...bufferRuntimes), rates, (runtime, rate) => {
      const result = bufferResult({ ...plain, runtime }, rate);
      if (result.mode !== "full") return;
      const { seen, most } = simulated(result.bytes, rate.lineBytes, rate.linesPerMinute);
      expect(result.firstSeenSeconds).toBeCloseTo(seen, 6);
      expect(result.linesAtRisk).toBe(most);
    }),
  );
});
