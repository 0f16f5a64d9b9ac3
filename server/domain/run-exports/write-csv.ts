import type { Report, ReportResult } from "#common/contracts/report.ts";
import { csvLine } from "../csv-line.ts";

const columns = [
  "run",
  "cluster",
  "check",
  "target",
  "result_verdict",
  "reason",
  "finding_verdict",
  "code",
  "kind",
  "namespace",
  "name",
  "part",
  "message",
  "observed",
  "expected",
  "fingerprint",
] as const;
type Row = Partial<Record<(typeof columns)[number], string | null | undefined>>;

/** RFC 4180: one line for each finding, and one for each result that has none. */
export async function* writeCsv({
  head,
  results,
}: {
  head: Omit<Report, "results">;
  results: AsyncIterable<ReportResult>;
}): AsyncGenerator<string> {
  yield line(Object.fromEntries(columns.map((column) => [column, column])));
  for await (const result of results) yield rowsOf(head.runId, result).map(line).join("");
}

function rowsOf(run: string | null, result: ReportResult): Row[] {
  const { cluster, check, target, verdict, reason, findings } = result;
  const why = reason ? `${reason.code}: ${reason.what}` : "";
  const shared: Row = { run, cluster, check, target, result_verdict: verdict, reason: why };
  if (findings.length === 0) return [shared];
  return findings.map(
    ({ verdict: finding_verdict, code, subject, message, observed, expected, fingerprint }) => ({
      ...{
        ...shared,
        ...subject,
        finding_verdict,
        code,
        message: message.en,
        observed,
        expected,
        fingerprint,
      },
    }),
  );
}

function line(row: Row): string {
  return csvLine(columns.map((column) => row[column] ?? ""));
}
