import fc from "fast-check";
import { expect, test } from "vitest";
import { layout, minimumDisks, type RaidLevel, raidLevels, raidSummary, survives } from "./raid.ts";

/** Can be built: enough disks, and pairs for RAID 10. Small enough to try every set of failures. */
const arrays = fc
  .record({ level: fc.constantFrom(...raidLevels), disks: fc.integer({ min: 2, max: 9 }) })
  .filter(({ level, disks }) => disks >= minimumDisks[level] && (level !== "10" || disks % 2 === 0));

/** Slow and literal: a row is readable if the cells that are left give back every block of it. */
function readable(level: RaidLevel, disks: number, failed: Set<number>): boolean {
  return layout(level, disks, disks).every((row) => {
    const blocks = new Set(row.flatMap((cell) => (cell.kind === "data" ? [cell.block] : [])));
    const left = row.filter((_, disk) => !failed.has(disk));
    const held = new Set(left.flatMap((cell) => (cell.kind === "data" ? [cell.block] : [])));
    return blocks.size - held.size <= left.filter((cell) => cell.kind === "parity").length;
  });
}

function subsets(disks: number): Set<number>[] {
  return Array.from(
    { length: 2 ** disks },
    (_, bits) =>
      new Set(Array.from({ length: disks }, (_, disk) => disk).filter((disk) => (bits >> disk) & 1)),
  );
}

test("failures survived agree with trying every set of disks on the drawn layout", () => {
  fc.assert(
    fc.property(arrays, ({ level, disks }) => {
      const all = subsets(disks);
      for (const failed of all) expect(survives(level, disks, failed)).toBe(readable(level, disks, failed));
      const sizes = Array.from({ length: disks + 1 }, (_, size) =>
        all.filter((failed) => failed.size === size),
      );
      const any = sizes.findIndex((sets) => !sets.every((failed) => readable(level, disks, failed))) - 1;
      const best = sizes.findIndex((sets) => !sets.some((failed) => readable(level, disks, failed))) - 1;
      const summary = raidSummary(level, disks, 1);
      expect([summary?.survivesAny, summary?.survivesAtBest]).toEqual([any, best]);
    }),
    { numRuns: 60 },
  );
});

test("usable size agrees with counting the different blocks of the layout", () => {
  fc.assert(
    fc.property(arrays, fc.integer({ min: 1, max: 20e12 }), ({ level, disks }, diskBytes) => {
      const rows = layout(level, disks, disks);
      const blocks = new Set(rows.flat().flatMap((cell) => (cell.kind === "data" ? [cell.block] : [])));
      expect(raidSummary(level, disks, diskBytes)?.usableBytes).toBeCloseTo(
        (blocks.size / rows.length) * diskBytes,
        0,
      );
    }),
  );
});

test.each([
  ["0", 2, 1000e9],
  ["1", 2, 500e9],
  ["5", 3, 1000e9],
  ["6", 4, 1000e9],
  ["10", 4, 1000e9],
] as const)("RAID %s of %i disks of 500 GB holds %d bytes", (level, disks, usable) => {
  expect(raidSummary(level, disks, 500e9)?.usableBytes).toBe(usable);
});

test("an array that cannot be built has no size", () => {
  expect(raidSummary("5", 2, 1)).toBeNull();
  expect(raidSummary("6", 3, 1)).toBeNull();
  expect(raidSummary("10", 5, 1)).toBeNull();
});
