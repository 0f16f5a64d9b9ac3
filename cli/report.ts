import type { Cost, Counts, Coverage, Measurement, Reason } from "#common/result.ts";
import { noCounts } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { type Verdict, worstVerdict } from "#common/verdict.ts";
import type { FindingRecord } from "#server/engine/execution.ts";

/** What a run came to, wherever it was carried out. `--json` prints exactly this. */
export type Report = {
  /** the cluster's or the machine's name */
  cluster: string;
  /** of a run that was kept */
  runId: string | null;
  runbook: string | null;
  verdict: Verdict;
  /** results by verdict */
  counts: Counts;
  cost: Cost | null;
  startedAt: string;
  endedAt: string;
  /** why the run as a whole could not be carried out */
  error: string | null;
  results: ReportResult[];
};

export type ReportResult = {
  check: string;
  version: number;
  title: Text;
  target: string;
  params: Record<string, unknown>;
  verdict: Verdict;
  reason: Reason | null;
  counts: Counts;
  coverage: Coverage[];
  cost: Cost | null;
  findings: FindingRecord[];
  measurements: Measurement[];
};

export function summarise(results: readonly ReportResult[]): Pick<Report, "verdict" | "counts"> {
  const counts = { ...noCounts };
  for (const result of results) counts[result.verdict] += 1;
  return { verdict: worstVerdict(results.map((result) => result.verdict)), counts };
}
