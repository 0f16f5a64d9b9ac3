import type { Report, ReportResult } from "#common/contracts/report.ts";
import { noCounts } from "#common/result.ts";
import { worstVerdict } from "#common/verdict.ts";

export type { Report, ReportResult };

export function summarise(results: readonly ReportResult[]): Pick<Report, "verdict" | "counts"> {
  const counts = { ...noCounts };
  for (const result of results) counts[result.verdict] += 1;
  return { verdict: worstVerdict(results.map((result) => result.verdict)), counts };
}
