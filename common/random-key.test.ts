import { afterEach, expect, test, vi } from "vitest";
import { startRunSchema } from "./contracts/run.ts";
import { randomKey } from "./random-key.ts";

afterEach(() => vi.unstubAllGlobals());

test("makes keys that a run may be started with, each another, also on a page without https", () => {
  const { getRandomValues } = crypto;
  vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
  const keys = new Set(Array.from({ length: 100 }, randomKey));
  expect(keys.size).toBe(100);
  for (const key of keys) {
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(startRunSchema.shape.idempotencyKey.parse(key)).toBe(key);
  }
});
