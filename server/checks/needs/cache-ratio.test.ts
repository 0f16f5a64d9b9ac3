import { expect, test } from "vitest";
import { hitShare, percentOf, ratioFinding } from "./cache-ratio.ts";

const answer = (status: number, cache?: string) => [
  {
    ...{ url: "https://static.example.com/a.png", status, address: "192.0.2.10" },
    headers: cache === undefined ? [] : ([["x-cache", cache]] as [string, string][]),
  },
];

test("answers that tell nothing are no misses, and errors that a cache keeps are no hits", () => {
  const all = [answer(200, "HIT"), answer(200), answer(404, "HIT"), answer(503, "MISS"), []];
  expect(hitShare(all)).toEqual({ told: 1, hits: 1 });
  expect(ratioFinding(hitShare(all), 80).verdict).toBe("pass");
});

test("a share just below the bound does not reach it, nor does what is shown of it", () => {
  const nearly = { told: 10_000, hits: 7_999 };
  expect(ratioFinding(nearly, 80)).toMatchObject({ verdict: "warn", observed: "79.9 %" });
  expect(ratioFinding({ told: 200, hits: 159 }, 80)).toMatchObject({ verdict: "warn", observed: "79.5 %" });
  expect(ratioFinding({ told: 5, hits: 4 }, 80).verdict).toBe("pass");
  expect(percentOf({ told: 3, hits: 3 })).toBe(100);
});
