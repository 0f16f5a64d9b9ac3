import type { Report } from "#common/contracts/report.ts";
import { bytes, duration, exactTime, number } from "#common/format.ts";
import { type Verdict, verdicts } from "#common/verdict.ts";
import { html, type Markup, type Shown } from "./markup.ts";
import { verdictMark } from "./page.ts";
import type { ReportWords } from "./words.ts";

/** What was read in all results together. */
export type Reading = { results: number; incomplete: number };
/** `title`: the runbook's, or what else the run is called by */
export type Summary = { head: Omit<Report, "results">; title: string; reading: Reading };

/** Worst first, as the sections below it. */
export const inOrder: readonly Verdict[] = ["fail", "unknown", "warn", "pass", "skip"];

/** What ran where, for whom and when, what it came to and what it cost. */
export function summaryBlock({ head, title, reading }: Summary, t: ReportWords): Markup {
  const { counts, verdict, error } = head;
  return html`<header>
<p class="eyebrow"><span class="brand">Weekbook</span><span>${t.report("kind")}</span></p>
<h1>${title}</h1>
<p class="lead">${verdictMark(verdict, t, { wash: true })}<span class="soft"><bdi>${head.cluster}</bdi></span></p>
${error ? html`<p class="error">${error}</p>` : null}
<dl class="facts">${facts(head, reading, t)}</dl>
<p class="counts num" aria-label="${t.report("counts")}">${inOrder.map(
    (each) =>
      html`<span>${verdictMark(each, t, {
        text: html`${number(counts[each], t.locale)} ${t.verdict(each)}`,
      })}</span>`,
  )}</p>
</header>
`;
}

function facts(
  { runbook, requestedBy, startedAt, endedAt, cost, runId }: Summary["head"],
  reading: Reading,
  t: ReportWords,
) {
  const [start, end] = [new Date(startedAt), new Date(endedAt)];
  const rows: [label: string, value: Shown][] = [
    ["when", html`<time datetime="${startedAt}">${exactTime(start, t.locale, "UTC")}</time>`],
    ["took", duration(Math.max(0, end.getTime() - start.getTime()), t.locale)],
    ["who", requestedBy && html`<bdi>${requestedBy}</bdi>`],
    ["runbook", runbook && html`<code>${runbook}</code>`],
    ["coverage", coverage(reading, t)],
    ["cost", cost && costLine(cost, t)],
    ["run", runId && html`<code>${runId}</code>`],
  ];
  return rows
    .filter(([, value]) => Boolean(value))
    .map(([label, value]) => html`<div><dt>${t.report(label)}</dt><dd>${value}</dd></div>`);
}

function coverage({ results, incomplete }: Reading, t: ReportWords): Shown {
  if (incomplete === 0) return t.report("readAll");
  const words = t.report("readPart", { count: incomplete, results: number(results, t.locale) });
  return html`<span class="unknown">${words}</span>`;
}

function costLine(cost: NonNullable<Report["cost"]>, t: ReportWords): string {
  const parts = [
    t.runs("calls", { count: cost.calls }),
    bytes(cost.bytes, t.locale),
    duration(cost.seconds * 1_000, t.locale),
    ...(cost.throttled > 0 ? [t.runs("throttled", { count: cost.throttled })] : []),
  ];
  return parts.join(" · ");
}

/** Whether a list of verdicts names all there are: a new one must get its place in `inOrder`. */
if (inOrder.length !== verdicts.length) throw new Error("a verdict has no place in reports");
