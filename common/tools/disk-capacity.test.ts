import fc from "fast-check";
import { expect, test } from "vitest";
import {
  asDfShows,
  asLsblkShows,
  asWindowsShows,
  type CapacityUnit,
  capacity,
  capacityUnits,
} from "./disk-capacity.ts";

/** Exact, in whole bytes and long division by hand. */
function slowGib(bytes: bigint): number {
  const whole = bytes >> 30n;
  const rest = bytes - (whole << 30n);
  return Number(whole) + Number(rest) / 2 ** 30;
}

const zeros: Record<CapacityUnit, bigint> = { GB: 10n ** 9n, TB: 10n ** 12n, PB: 10n ** 15n };

test("agrees with whole-number arithmetic", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999 }), fc.constantFrom(...capacityUnits), (value, unit) => {
      const result = capacity(value, unit);
      const bytes = BigInt(value) * zeros[unit];
      expect(BigInt(result.bytes)).toBe(bytes);
      const inGib = result.binary.value * 1024 ** ["GiB", "TiB", "PiB"].indexOf(result.binary.unit);
      if (result.binary.unit !== "MiB") expect(inGib / slowGib(bytes)).toBeCloseTo(1, 9);
      expect(result.decimal).toEqual({ value, unit });
    }),
  );
});

test("the labels of the notes", () => {
  expect(Math.floor(capacity(500, "GB").binary.value)).toBe(465);
  expect(Math.floor(capacity(1000, "GB").binary.value)).toBe(931);
  expect(capacity(4, "TB").binary).toMatchObject({ unit: "TiB" });
  expect(capacity(1, "TB").shortfallPercent).toBeCloseTo(9.05, 2);
});

test("df rounds up and shows one decimal below ten", () => {
  expect(asDfShows(500e9, 1024)).toBe("466G");
  expect(asDfShows(500e9, 1000)).toBe("500G");
  expect(asDfShows(4e12, 1024)).toBe("3.7T");
  expect(asDfShows(4e12, 1000)).toBe("4.0T");
  expect(asDfShows(1024 ** 4 - 1, 1024)).toBe("1.0T");
  expect(asDfShows(512, 1024)).toBe("512");
});

test.each([
  [500e9, "465.7G", "465 GB"],
  [1e12, "931.3G", "931 GB"],
  [2e12, "1.8T", "1.81 TB"],
  [4e12, "3.6T", "3.63 TB"],
  [2 ** 40, "1T", "1.00 TB"],
])("%d bytes are %s to lsblk and %s to Windows", (bytes, lsblk, windows) => {
  expect(asLsblkShows(bytes)).toBe(lsblk);
  expect(asWindowsShows(bytes)).toBe(windows);
});
