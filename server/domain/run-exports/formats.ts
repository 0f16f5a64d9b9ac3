import type { Report, ReportResult } from "#common/contracts/report.ts";
import type { Locale } from "#common/text.ts";
import type { Check } from "#server/checks/define-check.ts";
import { writeHtml } from "../html-report/write-html.ts";
import { writeCsv } from "./write-csv.ts";
import { writeJson } from "./write-json.ts";
import { writeJunit } from "./write-junit.ts";
import { writePolicyReports } from "./write-policy-reports.ts";
import { writeSarif } from "./write-sarif.ts";

/** A run to write: its results come one after the other. `checks`: what the team knows, for what is said of them. */
export type ReportSource = {
  head: Omit<Report, "results">;
  results: AsyncIterable<ReportResult>;
  checks: readonly Check[];
};

/** The language matters to what people read; what programs read is the same in each. */
export type ExportOptions = { locale: Locale };

/** `write` yields parts of the text as the results come, so that a run of any size can be written. */
export type ExportFormat = {
  mediaType: string;
  extension: string;
  write: (report: ReportSource, options: ExportOptions) => AsyncIterable<string>;
};

/** A format more is an entry here; API, its document and the command line follow. */
export const exportFormats = {
  json: { mediaType: "application/json", extension: "json", write: writeJson },
  csv: { mediaType: "text/csv; charset=utf-8", extension: "csv", write: writeCsv },
  html: { mediaType: "text/html; charset=utf-8", extension: "html", write: writeHtml },
  junit: { mediaType: "application/xml", extension: "xml", write: writeJunit },
  sarif: { mediaType: "application/sarif+json", extension: "sarif", write: writeSarif },
  policyreport: { mediaType: "application/json", extension: "policyreport.json", write: writePolicyReports },
} as const satisfies Record<string, ExportFormat>;

export type ExportFormatName = keyof typeof exportFormats;
export const exportFormatNames = Object.keys(exportFormats) as [ExportFormatName, ...ExportFormatName[]];
