import { expect, test } from "vitest";
import { isStale } from "./proven.ts";

test("what is older than a week is stale, to the moment", () => {
  const now = new Date("2026-01-08T12:00:00Z");
  expect(isStale(new Date("2026-01-01T12:00:00Z"), now)).toBe(false);
  expect(isStale(new Date("2026-01-01T11:59:59Z"), now)).toBe(true);
});
