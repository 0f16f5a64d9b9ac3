import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuTimeMs } from "#testing/cpu-time.ts";
import { type LayeredCache, movedShare, popularity, ring, routings, simulate } from "./layered-cache.ts";

const usual: LayeredCache = {
  ...{ objects: 2_000, requests: 20_000, skew: 0.9, seed: 1 },
  ...{ l1Nodes: 4, l1Size: 100, l2Nodes: 2, l2Size: 500, routing: "hashed" },
};

const anyCache: fc.Arbitrary<LayeredCache> = fc.record({
  objects: fc.integer({ min: 1, max: 60 }),
  requests: fc.integer({ min: 0, max: 400 }),
  skew: fc.double({ min: 0, max: 2, noNaN: true }),
  l1Nodes: fc.integer({ min: 1, max: 5 }),
  l1Size: fc.integer({ min: 0, max: 20 }),
  l2Nodes: fc.integer({ min: 1, max: 3 }),
  l2Size: fc.integer({ min: 0, max: 30 }),
  routing: fc.constantFrom(...routings),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
});

/** The same by lists that are searched from end to end: slow, and plain to see. */
function slowly(options: LayeredCache) {
  let state = options.seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const weights = Array.from({ length: options.objects }, (_, index) => 1 / (index + 1) ** options.skew);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const pick = () => {
    const wanted = random() * all;
    let sum = 0;
    const found = weights.findIndex((weight) => {
      sum += weight;
      return sum > wanted;
    });
    return found < 0 ? options.objects - 1 : found;
  };
  const lists = (nodes: number) => Array.from({ length: nodes }, (): number[] => []);
  const [first, second] = [lists(options.l1Nodes), lists(options.l2Nodes)];
  const [one, two] = [ring(options.l1Nodes, "l1"), ring(options.l2Nodes, "l2")];
  const ask = (list: number[], size: number, object: number) => {
    const at = list.indexOf(object);
    if (at >= 0) list.splice(at, 1);
    list.push(object);
    if (list.length > size) list.shift();
    return at >= 0;
  };
  const counts = { l1Hits: 0, l2Hits: 0, origin: 0 };
  for (let request = 0; request < options.requests; request += 1) {
    const object = pick();
    const any = Math.floor(random() * options.l1Nodes);
    const node = options.routing === "hashed" ? one(object) : any;
    if (ask(first[node] ?? [], options.l1Size, object)) counts.l1Hits += 1;
    else if (ask(second[two(object)] ?? [], options.l2Size, object)) counts.l2Hits += 1;
    else counts.origin += 1;
  }
  return { ...counts, l1Distinct: new Set(first.flat()).size };
}

describe("two levels of caches", () => {
  test("agree with the slow reference", () => {
    fc.assert(
      fc.property(anyCache, (options) => {
        expect(simulate(options)).toMatchObject(slowly(options));
      }),
      {
        numRuns: 200,
      },
    );
  });

  test("every request is answered by exactly one level", () => {
    fc.assert(
      fc.property(anyCache, (options) => {
        const { l1Hits, l2Hits, origin, requests } = simulate(options);
        expect(l1Hits + l2Hits + origin).toBe(requests);
      }),
    );
  });

  test("hashing holds each object once, so that the same memory holds more of them and hits more often", () => {
    const [any, hashed] = routings.map((routing) => simulate({ ...usual, routing }));
    expect(hashed?.l1Distinct).toBe(400);
    expect(any?.l1Distinct).toBeLessThan(350);
    expect(hashed?.l1Hits).toBeGreaterThan(1.3 * (any?.l1Hits ?? 0));
    expect(hashed?.l1Peak).toBeGreaterThan(any?.l1Peak ?? 9);
  });

  test("no caches: all of it is the origin's", () => {
    const { origin } = simulate({ ...usual, l1Size: 0, l2Size: 0 });
    expect(origin).toBe(usual.requests);
  });
});

describe("popularity", () => {
  test("the first of ten with an exponent of 1 is asked for as often as 1 in the tenth harmonic number", () => {
    const pick = popularity(10, 1);
    const first = Array.from({ length: 10_000 }, (_, index) => pick(index / 10_000)).filter(
      (object) => object === 0,
    );
    expect(first.length / 10_000).toBeCloseTo(1 / 2.9289, 2);
    expect(popularity(4, 0)(0.999)).toBe(3);
  });
});

describe("when a node goes", () => {
  test("the ring moves only what that node had; a remainder moves nearly all", () => {
    const { ring: moved, modulo } = movedShare(5_000, 10);
    expect(moved).toBeGreaterThan(0.05);
    expect(moved).toBeLessThan(0.16);
    expect(modulo).toBeGreaterThan(0.85);
  });

  test("what the others had stays where it was", () => {
    const [whole, reduced] = [ring(5, "x"), ring(5, "x", 2)];
    for (let object = 0; object < 1_000; object += 1)
      if (whole(object) !== 2) expect(reduced(object)).toBe(whole(object));
  });
});

test("one step of a slider takes no longer than the screen does for a picture", () => {
  const shown = { ...usual, objects: 5_000, requests: 40_000 };
  const largest = { ...shown, skew: 0, l1Nodes: 24, l1Size: 1_000, l2Nodes: 12, l2Size: 3_000 };
  const times = Array.from({ length: 8 }, (_, step) =>
    cpuTimeMs(() => {
      for (const routing of routings) simulate({ ...largest, l1Nodes: 24 - step, routing });
      movedShare(2_000, 24 - step);
    }),
  );
  expect(Math.min(...times)).toBeLessThan(16);
});
