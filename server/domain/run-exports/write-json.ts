import type { Report, ReportResult } from "#common/contracts/report.ts";

/** The report as `weekbook run --json` prints it (common/contracts/report.ts), one result a line. */
export async function* writeJson({
  head,
  results,
}: {
  head: Omit<Report, "results">;
  results: AsyncIterable<ReportResult>;
}): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"results":[`;
  let separator = "\n";
  for await (const result of results) {
    yield `${separator}${JSON.stringify(result)}`;
    separator = ",\n";
  }
  yield "\n]}\n";
}
