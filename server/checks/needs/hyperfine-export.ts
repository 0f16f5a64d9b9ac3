import { z } from "zod";

const seconds = z.number().min(0);

/** What `hyperfine --export-json` writes of one command. Versions before 1.12 leave out exit codes. */
const resultSchema = z.object({
  command: z.string(),
  mean: seconds,
  stddev: seconds.nullish(),
  median: seconds.optional(),
  min: seconds,
  max: seconds,
  times: z.array(seconds).optional(),
  exit_codes: z.array(z.number().nullable()).optional(),
});
export type TimedCommand = z.output<typeof resultSchema>;

const exportSchema = z.object({ results: z.array(resultSchema).min(1) });

/** The commands of an export; "other" where it is JSON but no such export, "no-json" where it is not even that. */
export function readExport(text: string): TimedCommand[] | "other" | "no-json" {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "no-json";
  }
  const read = exportSchema.safeParse(json);
  return read.success ? read.data.results : "other";
}

/** Ten standard deviations, estimated from the median of distances: where hyperfine itself begins to warn. */
const outlierScore = 1.4826 * 10;

/** Distance from the median in medians of distances; all runs alike: nothing stands out. */
function scoresOf(times: readonly number[]): number[] {
  const middle = median(times);
  const spread = median(times.map((time) => Math.abs(time - middle)));
  return times.map((time) => (spread > 0 ? (time - middle) / spread : 0));
}

/** Positions of the runs that stand out. */
export function outliersOf(times: readonly number[]): number[] {
  return scoresOf(times).flatMap((score, index) => (Math.abs(score) > outlierScore ? [index] : []));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}

type Mean = { mean: number; stddev?: number | null };

/** How many times as long the slower takes, with both spreads in the error; null where there is nothing to divide. */
export function ratioOf(fast: Mean, slow: Mean): { ratio: number; error: number | null } | null {
  if (fast.mean <= 0) return null;
  const ratio = slow.mean / fast.mean;
  if (fast.stddev == null || slow.stddev == null) return { ratio, error: null };
  return { ratio, error: ratio * Math.hypot(fast.stddev / fast.mean, slow.stddev / slow.mean) };
}
