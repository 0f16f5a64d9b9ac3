/** The arithmetic of redundant arrays of equal disks. */

export const raidLevels = ["0", "1", "5", "6", "10"] as const;
export type RaidLevel = (typeof raidLevels)[number];

export const minimumDisks: Record<RaidLevel, number> = { "0": 2, "1": 2, "5": 3, "6": 4, "10": 4 };

export type RaidSummary = {
  usableBytes: number;
  rawBytes: number;
  /** any so many disks may fail */
  survivesAny: number;
  /** so many may fail if they are the right ones */
  survivesAtBest: number;
};

/** Null where the level cannot be built of so many disks; RAID 10 here is stripes over pairs of mirrors. */
export function raidSummary(level: RaidLevel, disks: number, diskBytes: number): RaidSummary | null {
  const members =
    disks < minimumDisks[level] || (level === "10" && disks % 2 !== 0) ? null : usableMembers(level, disks);
  if (members === null) return null;
  const [survivesAny, survivesAtBest] = tolerance(level, disks);
  return { usableBytes: members * diskBytes, rawBytes: disks * diskBytes, survivesAny, survivesAtBest };
}

/** How many disks' worth of data an array holds, also for the kernel's names ("raid5"); null for other levels. */
export function usableMembers(level: string, disks: number, copies = 2): number | null {
  switch (level.replace(/^raid/, "")) {
    case "0":
      return disks;
    case "1":
      return 1;
    case "4":
    case "5":
      return disks - 1;
    case "6":
      return disks - 2;
    case "10":
      return disks / copies;
    default:
      return null;
  }
}

function tolerance(level: RaidLevel, disks: number): [any: number, best: number] {
  switch (level) {
    case "0":
      return [0, 0];
    case "1":
      return [disks - 1, disks - 1];
    case "5":
      return [1, 1];
    case "6":
      return [2, 2];
    case "10":
      return [1, disks / 2];
  }
}

/** Whether every byte can still be read with these disks (numbered from 0) gone. */
export function survives(level: RaidLevel, disks: number, failed: ReadonlySet<number>): boolean {
  if (level !== "10") return failed.size <= tolerance(level, disks)[0];
  for (let first = 0; first < disks; first += 2) if (failed.has(first) && failed.has(first + 1)) return false;
  return true;
}

/** What a disk holds in a row of the layout: a data block's number (copies share it), or parity. */
export type Cell = { kind: "data"; block: number } | { kind: "parity"; name: "P" | "Q" };

/** Rows of the layout, each with one cell per disk; parity moves one disk to the left with each row. */
export function layout(level: RaidLevel, disks: number, rows: number): Cell[][] {
  let block = 0;
  return Array.from({ length: rows }, (_, row) => {
    const cells: Cell[] = [];
    const parityAt = disks - 1 - (row % disks);
    if (level === "1") block += 1;
    for (let disk = 0; disk < disks; disk += 1) {
      const parity =
        level === "5" || level === "6"
          ? disk === parityAt
            ? "P"
            : level === "6" && disk === (parityAt + 1) % disks
              ? "Q"
              : null
          : null;
      if (parity) {
        cells.push({ kind: "parity", name: parity });
        continue;
      }
      const copies = level === "1" || (level === "10" && disk % 2 === 1);
      if (!copies) block += 1;
      cells.push({ kind: "data", block });
    }
    return cells;
  });
}
