import { expect, test } from "vitest";
import { painter, printable } from "./terminal.ts";

test.each([
  ["plain 中文\n\tline", "plain 中文\n\tline"],
  ["a\u001b[31mred\u001b[0m", "ared"],
  ["a\u001b]0;new title\u0007b", "ab"],
  ["over\rwrite\b", "over\ufffdwrite\ufffd"],
  ["c1 \u009b2J", "c1 "],
  ["bidi \u202eexe.txt", "bidi \ufffdexe.txt"],
])("%j cannot command the terminal", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("colours only where they are wanted", () => {
  expect(painter(false).verdict("fail", "Fail")).toBe("Fail");
  expect(painter(true).verdict("fail", "Fail")).toBe("\u001b[31mFail\u001b[39m");
});
