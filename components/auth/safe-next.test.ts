import { expect, test } from "vitest";
import { safeNext } from "./safe-next.ts";

test.each(["/acme/runs/1?cluster=a#x", "/", "/a//b"])("%s is kept", (next) => {
  expect(safeNext(next)).toBe(next);
});

test.each([
  "//evil.test",
  "/\\evil.test",
  "https://evil.test",
  "javascript:alert(1)",
  "/\t/evil.test",
  "",
  undefined,
])("%j becomes the start page", (next) => {
  expect(safeNext(next)).toBe("/");
});
