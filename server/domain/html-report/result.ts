import type { ReportResult } from "#common/contracts/report.ts";
import { number } from "#common/format.ts";
import type { Coverage, Reason } from "#common/result.ts";
import { inLocale } from "#common/text.ts";
import { compareVerdicts } from "#common/verdict.ts";
import { findingBlock } from "./finding.ts";
import { html, type Markup } from "./markup.ts";
import { verdictMark } from "./page.ts";
import type { ReportWords } from "./words.ts";

/** Of one result; the worst ones. All of them are in the run and in its JSON. */
export const mostFindings = 50;

/** A result with what it found, at most `most` of it, the worst first; one line where there is nothing to say. */
export function resultBlock(result: ReportResult, t: ReportWords, most = mostFindings): Markup {
  const { verdict, reason, findings, coverage } = result;
  const quiet = verdict === "pass" || verdict === "skip";
  if (quiet && findings.length === 0) return resultLine(result, t);
  const shown = worst(findings, most);
  const rest = findings.length - shown.length;
  return html`<article class="result">
<header><h3>${title(result, t)}</h3><span class="where">${where(result)}</span></header>
${reason ? html`<p class="lead ${verdict}">${reasonText(reason, t)}</p>` : null}
${shown.length === 0 ? null : html`<ul>${shown.map((finding) => findingBlock(finding, t))}</ul>`}${
  rest > 0
    ? html`<p class="more">${t.report("moreFindings", { count: rest, shown: number(rest, t.locale) })}</p>`
    : null
}${coverageList(coverage, t)}</article>
`;
}

function resultLine(result: ReportResult, t: ReportWords): Markup {
  const { verdict, reason } = result;
  return html`<div class="line">${verdictMark(verdict, t)}<span>${title(result, t)}${
    reason ? html` <span class="faint">· ${reasonText(reason, t)}</span>` : null
  }${verdict === "pass" ? coverageList(result.coverage, t) : null}</span><span class="where">${where(result)}</span></div>
`;
}

function worst<F extends ReportResult["findings"][number]>(findings: readonly F[], most: number): F[] {
  if (findings.length <= most) return findings.toSorted((a, b) => compareVerdicts(b.verdict, a.verdict));
  const order = ["fail", "unknown", "warn", "pass"] as const;
  return order.flatMap((verdict) => findings.filter((each) => each.verdict === verdict)).slice(0, most);
}

function title(result: ReportResult, t: ReportWords): string {
  return inLocale(result.title, t.locale);
}

function where({ cluster, target, check }: ReportResult): Markup {
  const places = [cluster, target === cluster ? undefined : target].filter(Boolean);
  return html`${places.map((place) => html`<bdi>${place}</bdi> · `)}<code>${check}</code>`;
}

/** Why something was not read: the sentence for its kind, what it was, and the system's own words. */
function reasonText({ code, what, detail }: Reason, t: ReportWords): Markup {
  return html`${t.reason(code)} <code>${what}</code>${detail ? html` <span class="faint">(${detail})</span>` : null}`;
}

/** "3 files read"; kinds of a cluster are named by what was read of them already. */
function readWords(count: number, unit: string, t: ReportWords): string {
  const key = `units.${unit}`;
  const said = t.runs(key, { count });
  return said === key ? t.runs("units.other", { count }) : said;
}

function coverageList(coverage: readonly Coverage[], t: ReportWords): Markup | null {
  if (coverage.length === 0) return null;
  return html`<ul class="coverage">${coverage.map(
    ({ what, read, unit, missing }) =>
      html`<li>${t.runs("coverage", { what, read: readWords(read, unit, t) })}${missing.map(
        (reason) =>
          html`<br><span class="missing">${verdictMark("unknown", t)} ${reasonText(reason, t)}</span>`,
      )}</li>`,
  )}</ul>
`;
}
