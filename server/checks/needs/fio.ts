import { lastWords } from "./active-fact.ts";
import type { HostActiveOutput } from "./need.ts";

export type Latency = { p50Ms: number; p95Ms: number; p99Ms: number; p999Ms: number; maxMs: number };
export type FioResult =
  | {
      writes: number;
      seconds: number;
      iops: number;
      bytesPerSecond: number;
      /** of the write alone */
      write: Latency;
      /** of the fsync after each write */
      sync: Latency;
    }
  | { failed: string };

type Times = { max?: number; percentile?: Record<string, number> };
type Job = {
  error?: number;
  write?: { iops?: number; bw_bytes?: number; total_ios?: number; runtime?: number; clat_ns?: Times };
  sync?: { lat_ns?: Times };
};

/** What fio prints with --output-format=json, which may have its own notes before the first brace. */
export function parseFio(output: HostActiveOutput): FioResult {
  if (output.timedOut) return { failed: "it did not end within its time" };
  const start = output.stdout.indexOf("{");
  if (output.exitCode !== 0 || start < 0) return { failed: lastWords(output) };
  const { jobs = [] } = JSON.parse(output.stdout.slice(start)) as { jobs?: Job[] };
  const [job] = jobs;
  const write = job?.write;
  if (job?.error !== 0 || !write?.total_ios) return { failed: lastWords(output) };
  return {
    writes: write.total_ios,
    seconds: (write.runtime ?? 0) / 1000,
    iops: Math.round(write.iops ?? 0),
    bytesPerSecond: write.bw_bytes ?? 0,
    write: latency(write.clat_ns),
    sync: latency(job.sync?.lat_ns),
  };
}

function latency({ max = 0, percentile = {} }: Times = {}): Latency {
  const ms = (ns = 0) => Math.round(ns / 1000) / 1000;
  return {
    p50Ms: ms(percentile["50.000000"]),
    p95Ms: ms(percentile["95.000000"]),
    p99Ms: ms(percentile["99.000000"]),
    p999Ms: ms(percentile["99.900000"]),
    maxMs: ms(max),
  };
}
