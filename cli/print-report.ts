import type { Cost, KeptFinding, Reason, Subject } from "#common/result.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { verdicts } from "#common/verdict.ts";
import { reads } from "#common/words.ts";
import type { Report, ReportResult } from "./report.ts";
import { type Paint, painter, printable, type Terminal } from "./terminal.ts";
import type { Words } from "./words.ts";

export type ReportWords = { cli: Words; verdict: Words; reason: Words; locale: Locale };
type Page = ReportWords & { paint: Paint; number: (value: number, digits?: number) => string };

/** A terminal is no place for thousands; `--json` has them all. */
const FINDINGS_SHOWN = 50;
const EXCERPT_LINES_SHOWN = 12;

export function printReport(report: Report, words: ReportWords, terminal: Terminal): void {
  const number = (value: number, digits = 0) =>
    new Intl.NumberFormat(words.locale, { maximumFractionDigits: digits }).format(value);
  const page: Page = { ...words, paint: painter(terminal.colours), number };
  const lines = report.results.flatMap((result) => [...resultLines(result, page), ""]);
  terminal.out.write(`${[...lines, ...summaryLines(report, page)].join("\n")}\n`);
}

function resultLines(result: ReportResult, page: Page): string[] {
  const { paint, verdict, locale } = page;
  const word = paint.verdict(result.verdict, verdict(result.verdict));
  const title = paint.strong(printable(inLocale(result.title, locale)));
  const shown = result.findings.filter((finding) => finding.verdict !== "pass");
  const more = shown.length - FINDINGS_SHOWN;
  const head = [
    `${word}  ${title}  ${paint.dim(printable(`${result.check} · ${result.target}`))}`,
    ...(result.reason ? [`  ${reasonText(result.reason, page)}`] : []),
  ];
  // What does not apply has read nothing worth telling.
  if (result.verdict === "skip") return head;
  return [
    ...head,
    ...shown.slice(0, FINDINGS_SHOWN).flatMap((finding) => findingLines(finding, page)),
    ...(more > 0 ? [`  ${page.cli("moreFindings", { count: more })}`] : []),
    ...result.coverage.flatMap((coverage) => coverageLines(coverage, page)),
    ...(result.cost ? [`  ${paint.dim(costText(result.cost, page))}`] : []),
  ];
}

function findingLines(finding: KeptFinding, page: Page): string[] {
  const { paint, verdict, cli, locale } = page;
  const lines = [
    `  ${paint.verdict(finding.verdict, verdict(finding.verdict))}  ${paint.strong(subjectText(finding.subject))}`,
    ...indented(inLocale(finding.message, locale), 4),
  ];
  for (const field of ["observed", "expected"] as const) {
    const value = reads(finding, field, locale);
    if (value !== undefined) lines.push(...indented(cli(field, { value }), 4));
  }
  if (finding.affected) {
    const names = finding.affected.sample.slice(0, 5).map(subjectText).join(", ");
    lines.push(...indented(cli("affected", { count: finding.affected.count, names }), 4));
  }
  for (const one of finding.evidence ?? []) {
    const shown = (reads(one, "excerpt", locale) ?? "").split("\n").slice(0, EXCERPT_LINES_SHOWN).join("\n");
    lines.push(
      ...indented(reads(one, "source", locale) ?? "", 4).map(paint.dim),
      ...indented(shown, 6).map(paint.dim),
    );
  }
  for (const { purpose, text, command } of finding.remedy ?? []) {
    lines.push(...indented(`${cli(`purpose.${purpose}`)}: ${inLocale(text, locale)}`, 4));
    if (command !== undefined) lines.push(...indented(`$ ${command}`, 6));
  }
  return lines;
}

function coverageLines(coverage: ReportResult["coverage"][number], page: Page): string[] {
  const { what, read, unit, missing, optional } = coverage;
  const values = { what, count: page.number(read), unit };
  const line = page.cli(optional && missing.length > 0 ? "coverageOptional" : "coverage", values);
  return [
    `  ${page.paint.dim(printable(line))}`,
    ...missing.map((reason) => `    ${page.cli("notRead", { reason: reasonText(reason, page) })}`),
  ];
}

function summaryLines(report: Report, page: Page): string[] {
  const { paint, verdict, cli } = page;
  const counts = verdicts
    .filter((each) => report.counts[each] > 0)
    .map((each) => `${page.number(report.counts[each])} ${verdict(each)}`);
  const parts = [printable(report.cluster), ...counts, ...(report.cost ? [costText(report.cost, page)] : [])];
  const lines = [
    `${paint.verdict(report.verdict, paint.strong(verdict(report.verdict)))}  ${parts.join(" · ")}`,
  ];
  if (report.error) lines.push(printable(cli("runFailed", { error: report.error })));
  if (report.runId) lines.push(paint.dim(cli("kept", { id: report.runId })));
  return lines;
}

function costText({ calls, bytes, throttled, seconds }: Cost, { cli, number }: Page): string {
  const text = cli("cost", { calls, kilobytes: number(bytes / 1000, 1), seconds: number(seconds, 1) });
  return throttled > 0 ? `${text}${cli("throttled", { count: throttled })}` : text;
}

function reasonText({ code, what, detail }: Reason, { reason }: Page): string {
  return printable(`${reason(code)}: ${what}${detail ? ` (${detail})` : ""}`);
}

function subjectText({ kind, namespace, name, part }: Subject): string {
  const full = namespace === undefined ? name : `${namespace}/${name}`;
  return printable(`${kind} ${full}${part === undefined ? "" : ` ${part}`}`);
}

function indented(text: string, spaces: number): string[] {
  return printable(text)
    .split("\n")
    .map((line) => `${" ".repeat(spaces)}${line}`);
}
