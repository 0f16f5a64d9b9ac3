import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressText,
  holdsAddress,
  holdsRange,
  parseAddress,
  parseRange,
  parseRanges,
  rangeAround,
  rangeSize,
  rangesMeet,
  rangeText,
  usedPercent,
} from "./ip-range.ts";

const v4 = fc
  .tuple(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), fc.integer({ min: 0, max: 32 }))
  .map(([value, prefix]) => `${addressText(4, value)}/${prefix}`);
const v6 = fc
  .tuple(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.integer({ min: 0, max: 128 }))
  .map(([value, prefix]) => `${addressText(6, value)}/${prefix}`);
const range = fc.oneof(v4, v6).map((text) => {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(text);
  return parsed;
});

describe("ranges of addresses", () => {
  test("are read as Kubernetes writes them", () => {
    expect(parseRange("10.244.1.7/16")).toEqual({ version: 4, first: 183_762_944n, prefix: 16 });
    expect(rangeText(parseRange("fd00:10:244::1/56") ?? { version: 4, first: 0n, prefix: 0 })).toBe(
      "fd00:10:244::/56",
    );
    expect(parseRanges("10.244.0.0/16,fd00::/48 nonsense")).toHaveLength(2);
    for (const wrong of ["10.0.0.0", "10.0.0/8", "10.0.0.0/33", "010.0.0.1/8", "a/8", "fe80::1%eth0/64", ""])
      expect(parseRange(wrong), wrong).toBeNull();
    expect(parseAddress("1.2.3")).toBeNull();
  });

  test("survive being written and read again", () => {
    fc.assert(
      fc.property(range, (one) => {
        expect(parseRange(rangeText(one))).toEqual(one);
      }),
    );
  });

  test("meet exactly where they share their first or last address", () => {
    fc.assert(
      fc.property(range, range, (one, other) => {
        const last = (of: typeof one) => of.first + rangeSize(of) - 1n;
        const shared = one.version === other.version && one.first <= last(other) && other.first <= last(one);
        expect(rangesMeet(one, other)).toBe(shared);
        expect(rangesMeet(other, one)).toBe(shared);
      }),
    );
  });

  test("the range around addresses holds each of them, and half of it does not", () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4(), { minLength: 2, maxLength: 6 }), (addresses) => {
        const around = rangeAround(addresses);
        if (!around) throw new Error("none");
        expect(addresses.every((address) => holdsAddress(around, address))).toBe(true);
        const half = { ...around, prefix: around.prefix + 1 };
        if (around.prefix < 32) expect(addresses.every((address) => holdsAddress(half, address))).toBe(false);
      }),
    );
    expect(rangeAround([])).toBeNull();
    expect(holdsRange({ version: 4, first: 0n, prefix: 0 }, { version: 6, first: 0n, prefix: 0 })).toBe(
      false,
    );
  });

  test("how full they are", () => {
    expect(usedPercent(254, 254n)).toBe(100);
    expect(usedPercent(1, 3n)).toBe(33.3);
    expect(usedPercent(100_000, 2n ** 64n)).toBe(0);
    expect(usedPercent(1, 0n)).toBe(100);
  });
});
