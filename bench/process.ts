// What a process holds in memory and has spent in CPU time, as the kernel counts it (Linux).
import { readFileSync, writeFileSync } from "node:fs";

function statusMiB(pid: number, field: "VmRSS" | "VmHWM"): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1]) / 1024;
}

export function residentMiB(pid: number): number {
  return statusMiB(pid, "VmRSS");
}

/** The most since `forgetPeak`. */
export function peakMiB(pid: number): number {
  return statusMiB(pid, "VmHWM");
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** User and system time so far, of all its threads. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold anything; what follows it is counted from the third field on.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks * 10;
}
