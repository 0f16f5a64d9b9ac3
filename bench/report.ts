// What a bench found out, as a table and as JSON.
import { cpus, totalmem } from "node:os";

export type Row = {
  bench: string;
  /** "wall, ours ÷ bare" */
  what: string;
  /** median of the rounds */
  value: number;
  /** "×", "ms", "MiB", "/s" */
  unit: string;
  /** the most (or, of a rate, the least) it is meant to be */
  goal?: { most: number } | { least: number };
  /** every round, in the order they ran */
  rounds: number[];
};

export type Machine = { cpu: string; cores: number; memoryGiB: number; node: string; os: string };

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    os: `${process.platform} ${process.arch}`,
  };
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** By the nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function row(
  bench: string,
  what: string,
  unit: string,
  rounds: readonly number[],
  goal?: Row["goal"],
): Row {
  return { bench, what, unit, value: median(rounds), rounds: [...rounds], ...(goal && { goal }) };
}

export function isMet({ value, goal }: Row): boolean | undefined {
  if (!goal) return undefined;
  return "most" in goal ? value <= goal.most : value >= goal.least;
}

/** Ratios first, since they hold on any machine. */
export function table(rows: readonly Row[], machine: Machine): string {
  const sorted = [...rows].sort((a, b) => Number(b.unit === "×") - Number(a.unit === "×"));
  const lines = sorted.map((each) => {
    const { bench, what, unit, goal, rounds } = each;
    const wanted = goal ? ("most" in goal ? `≤ ${goal.most}` : `≥ ${goal.least}`) : "";
    const met = isMet(each);
    const spread = `${digits(Math.min(...rounds))}–${digits(Math.max(...rounds))}`;
    return [
      bench.padEnd(14),
      what.padEnd(52),
      `${digits(each.value)} ${unit}`.padStart(12),
      wanted.padStart(9),
      (met === undefined ? "" : met ? "met" : "MISSED").padEnd(7),
      `${spread} of ${rounds.length}`,
    ].join("  ");
  });
  const { cpu, cores, memoryGiB, node, os } = machine;
  return [`${cpu}, ${cores} cores, ${memoryGiB} GiB, ${os}, Node ${node}`, "", ...lines].join("\n");
}

function digits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1);
}
