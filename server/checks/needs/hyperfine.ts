import { lastWords } from "./active-fact.ts";
import type { HostActiveOutput } from "./need.ts";

export type Timing = {
  meanSeconds: number;
  spreadSeconds: number;
  minSeconds: number;
  maxSeconds: number;
  runs: number;
};
export type HyperfineResult = { timings: Timing[] } | { failed: string };

type Exported = {
  results?: { mean?: number; stddev?: number | null; min?: number; max?: number; times?: number[] }[];
};

/** What hyperfine writes with --export-json, one entry for each command, in their order. */
export function parseHyperfine(output: HostActiveOutput): HyperfineResult {
  if (output.timedOut) return { failed: "the runs did not end within their time" };
  if (output.exitCode !== 0 || !output.collectedBase64) return { failed: lastWords(output) };
  const text = Buffer.from(output.collectedBase64, "base64").toString("utf8");
  const { results = [] } = JSON.parse(text) as Exported;
  return {
    timings: results.map(({ mean = 0, stddev, min = 0, max = 0, times = [] }) => ({
      meanSeconds: mean,
      spreadSeconds: stddev ?? 0,
      minSeconds: min,
      maxSeconds: max,
      runs: times.length,
    })),
  };
}
