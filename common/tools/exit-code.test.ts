import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeExit, exitStatus, signalOf } from "./exit-code.ts";

test.each([
  [0, 0, "success", null],
  [1, 1, "general-error", null],
  [2, 2, "shell-misuse", null],
  [3, 3, "application", null],
  [126, 126, "not-executable", null],
  [127, 127, "not-found", null],
  [128, 128, "invalid-exit", null],
  [130, 130, "signal", "SIGINT"],
  [137, 137, "signal", "SIGKILL"],
  [139, 139, "signal", "SIGSEGV"],
  [143, 143, "signal", "SIGTERM"],
  [160, 160, "beyond-signals", null],
  [162, 162, "signal", "SIGRTMIN"],
  [192, 192, "signal", "SIGRTMIN+30"],
  [193, 193, "beyond-signals", null],
  [255, 255, "out-of-range", null],
  [-1, 255, "out-of-range", null],
  [256, 0, "success", null],
  [393, 137, "signal", "SIGKILL"],
  [-119, 137, "signal", "SIGKILL"],
])("exit(%i) is seen as %i: %s", (argument, status, kind, signal) => {
  const decoded = decodeExit(argument);
  expect(decoded?.status).toBe(status);
  expect(decoded?.kind).toBe(kind);
  expect(decoded?.signal?.name ?? null).toBe(signal);
  expect(decoded?.wrapped).toBe(argument !== status);
});

test("the status is the argument modulo 256, for every integer", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (argument) => {
      const status = exitStatus(argument);
      expect(status).toBeGreaterThanOrEqual(0);
      expect(status).toBeLessThan(256);
      expect(Number((BigInt(argument) - BigInt(status)) % 256n)).toBe(0);
      expect(exitStatus(status)).toBe(status);
    }),
  );
});

test("every status has one kind, and only zero is a success", () => {
  for (let status = 0; status < 256; status += 1) {
    const decoded = decodeExit(status);
    expect(decoded?.reason).toBe(status === 0 ? "Completed" : "Error");
    expect(decoded?.kind === "signal").toBe(decoded?.signal !== null);
  }
  expect(decodeExit(1.5)).toBeNull();
  expect(decodeExit(Number.NaN)).toBeNull();
});

test("the numbers between and beyond the signals are none", () => {
  for (const number of [0, -1, 32, 33, 65]) expect(signalOf(number)).toBeNull();
});
