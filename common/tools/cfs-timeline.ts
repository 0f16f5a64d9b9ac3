/** How the kernel's CPU bandwidth control cuts one request into pieces. All times in milliseconds. */

export const periodMs = 100;

export type CfsInput = {
  /** the limit: 0.4 gives 40 ms of CPU time per period */
  limitCores: number;
  threads: number;
  cpus: number;
  /** CPU time the request needs, all threads together */
  workMs: number;
  /** CPU time saved up in idle periods that may be spent at once (cpu.max.burst) */
  burstMs: number;
};

type Segment = { kind: "run" | "throttled"; startMs: number; endMs: number };

export type CfsTimeline = {
  quotaMs: number;
  /** CPUs the request really uses at a time */
  parallel: number;
  segments: Segment[];
  /** the quota that is left, as a line: corners in order of time */
  budget: { atMs: number; leftMs: number }[];
  finishMs: number;
  /** when it would finish without a limit */
  unlimitedMs: number;
  addedMs: number;
  /** periods it was in, and those of them in which it was stopped */
  periods: number;
  throttledPeriods: number;
};

/**
 * A request arrives at the start of a period, after the group was idle. Its threads share the work evenly and each
 * runs on its own CPU while there are CPUs; the quota is spent by all of them together.
 */
export function cfsTimeline({ limitCores, threads, cpus, workMs, burstMs }: CfsInput): CfsTimeline {
  const quotaMs = limitCores * periodMs;
  const parallel = Math.min(threads, cpus);
  const segments: Segment[] = [];
  const corners: CfsTimeline["budget"] = [];
  let left = workMs;
  let budget = quotaMs + burstMs;
  let periods = 0;
  let throttledPeriods = 0;
  let finishMs = 0;
  while (left > 0) {
    const startMs = periods * periodMs;
    const spent = Math.min(left, budget, parallel * periodMs);
    const stopMs = startMs + spent / parallel;
    append(segments, "run", startMs, stopMs);
    corners.push({ atMs: startMs, leftMs: budget }, { atMs: stopMs, leftMs: budget - spent });
    left -= spent;
    budget -= spent;
    periods += 1;
    finishMs = stopMs;
    // Sums of fractions leave crumbs; a billionth of a millisecond is no work.
    if (left < 1e-9) break;
    if (stopMs < periods * periodMs - 1e-9) {
      throttledPeriods += 1;
      append(segments, "throttled", stopMs, periods * periodMs);
    }
    corners.push({ atMs: periods * periodMs, leftMs: budget });
    budget = Math.min(budget + quotaMs, quotaMs + burstMs);
  }
  const unlimitedMs = workMs / parallel;
  return {
    quotaMs,
    parallel,
    segments,
    budget: corners,
    finishMs,
    unlimitedMs,
    addedMs: Math.max(0, finishMs - unlimitedMs),
    periods,
    throttledPeriods,
  };
}

function append(segments: Segment[], kind: Segment["kind"], startMs: number, endMs: number): void {
  const last = segments.at(-1);
  if (last?.kind === kind && Math.abs(last.endMs - startMs) < 1e-9) last.endMs = endMs;
  else if (endMs - startMs > 1e-9) segments.push({ kind, startMs, endMs });
}
