import type { ReportResult } from "#common/contracts/report.ts";
import { inLocale, type Locale } from "#common/text.ts";
import type { Verdict } from "#common/verdict.ts";
import type { ReportSource } from "../run-exports/formats.ts";
import { loadRunbooks } from "../runbooks/load-runbooks.ts";
import { html, type Markup } from "./markup.ts";
import { pageEnd, pageStart, verdictMark } from "./page.ts";
import { mostFindings, resultBlock } from "./result.ts";
import { inOrder, type Reading, summaryBlock } from "./summary.ts";
import { type ReportWords, reportWords } from "./words.ts";

/** In a whole report, so that it stays a page that a browser opens and a printer prints. */
const mostFindingsInAll = 3_000;

type Extras = {
  locale: Locale;
  /** stands above everything, such as what a share hides */
  notice?: (t: ReportWords) => Markup;
};

/**
 * The report for people, as one document that loads nothing: worst first, at most fifty findings of a result. It is
 * put together before its first part leaves, since what comes first is only known last.
 */
export async function* writeHtml(
  source: Pick<ReportSource, "head" | "results">,
  { locale, notice }: Extras,
): AsyncGenerator<string> {
  const t = await reportWords(locale);
  const { sections, reading, firstTitle } = await readSections(source.results, t);
  const { head } = source;
  const title = (await runbookTitle(head.runbook, locale)) ?? firstTitle ?? t.report("kind");
  yield pageStart({ title: `${title} · ${head.cluster}`, locale });
  if (notice) yield notice(t).text;
  yield summaryBlock({ head, title, reading }, t).text;
  yield "<main>\n";
  for (const verdict of inOrder) {
    const blocks = sections[verdict];
    if (blocks.length === 0) continue;
    yield html`<section><h2>${verdictMark(verdict, t)} <span class="group num">${blocks.length}</span></h2>
`.text;
    yield* blocks;
    yield "</section>\n";
  }
  if (reading.results === 0) yield html`<p class="more">${t.runs("nothingRan")}</p>`.text;
  yield html`</main>
<footer class="end">${t.report("end")}</footer>
`.text;
  yield pageEnd;
}

async function readSections(results: AsyncIterable<ReportResult>, t: ReportWords) {
  const sections: Record<Verdict, string[]> = { pass: [], warn: [], fail: [], unknown: [], skip: [] };
  const reading: Reading = { results: 0, incomplete: 0 };
  const titles = new Set<string>();
  let left = mostFindingsInAll;
  for await (const result of results) {
    const most = Math.min(mostFindings, Math.max(left, 1));
    left -= Math.min(most, result.findings.length);
    sections[result.verdict].push(resultBlock(result, t, most).text);
    reading.results += 1;
    if (
      result.verdict !== "skip" &&
      result.coverage.some(({ missing, optional }) => !optional && missing.length > 0)
    )
      reading.incomplete += 1;
    if (titles.size < 2) titles.add(inLocale(result.title, t.locale));
  }
  return { sections, reading, firstTitle: titles.size === 1 ? [...titles][0] : undefined };
}

/** Of the product's own; a team's is named by its slug alone. */
async function runbookTitle(slug: string | null, locale: Locale): Promise<string | undefined> {
  if (slug === null) return undefined;
  return (await loadRunbooks()).get(slug)?.texts[locale].meta.title ?? slug;
}
