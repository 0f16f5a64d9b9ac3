import type { Comparison, RunSummary } from "#common/contracts/run.ts";
import { exactTime, number } from "#common/format.ts";
import type { KeptFinding } from "#common/result.ts";
import { inLocale, type Locale, type Text } from "#common/text.ts";
import { findingBlock } from "./finding.ts";
import { html, type Markup } from "./markup.ts";
import { pageEnd, pageStart, verdictMark } from "./page.ts";
import { type ReportWords, reportWords } from "./words.ts";

type Compared = Comparison["checks"][number];
/** `titleOf`: a check's title, by its id */
type Extras = { locale: Locale; titleOf: (check: string) => Text; notice?: (t: ReportWords) => Markup };

const mostOfAKind = 50;

/** Two runs side by side as one document that loads nothing: what is new, fixed and changed, and how much stayed. */
export async function* writeComparison(
  { before, after, checks }: Comparison,
  { locale, titleOf, notice }: Extras,
): AsyncGenerator<string> {
  const t = await reportWords(locale);
  yield pageStart({ title: t.report("comparison"), locale });
  if (notice) yield notice(t).text;
  yield html`<header>
<p class="eyebrow"><span class="brand">Weekbook</span><span>${t.report("comparison")}</span></p>
<h1>${t.report("comparison")}</h1>
<p class="lead soft">${sentence(checks, t)}</p>
<dl class="facts">${side("before", before, t)}${side("after", after, t)}</dl>
</header>
<main>
`.text;
  for (const check of checks) yield block(check, titleOf(check.checkId), t).text;
  yield html`</main>
<footer class="end">${t.report("end")}</footer>
`.text;
  yield pageEnd;
}

function sentence(checks: readonly Compared[], t: ReportWords): string {
  const total = (part: keyof Compared["counts"]) => checks.reduce((sum, { counts }) => sum + counts[part], 0);
  return t.compare("sentence", {
    ...{ new: total("new"), fixed: total("fixed"), changed: total("changed"), same: total("same") },
    incomparable: checks.filter(({ incomparable }) => incomparable !== null).length,
  });
}

function side(name: "before" | "after", run: RunSummary | null, t: ReportWords): Markup | null {
  if (!run) return null;
  const clusters = run.clusters.map((each) => each.name).join(", ");
  return html`<div><dt>${t.compare(name)}</dt><dd>${run.verdict && verdictMark(run.verdict, t)} <bdi>${clusters}</bdi><br>
<time class="num" datetime="${run.createdAt.toISOString()}">${exactTime(run.createdAt, t.locale, "UTC")}</time></dd></div>
`;
}

function block(check: Compared, title: Text, t: ReportWords): Markup {
  const { before, after, incomparable, counts } = check;
  const verdict = (each: Compared["before"]) =>
    each ? verdictMark(each, t) : html`<span class="faint">${t.compare("notRun")}</span>`;
  const changes = counts.new + counts.fixed + counts.changed;
  return html`<article class="result">
<header><h3>${inLocale(title, t.locale)}</h3><span class="where"><bdi>${check.cluster}</bdi> · <code>${check.checkId}</code></span></header>
<p class="lead">${verdict(before)} → ${verdict(after)}</p>
${incomparable === null ? null : html`<p class="more unknown">${t.compare(`incomparable.${incomparable}`)}</p>`}${
  changes === 0 && incomparable === null
    ? html`<p class="more">${t.compare("nothingChanged", { count: counts.same })}</p>`
    : null
}${list("new", check, t)}${list("fixed", check, t)}${list("changed", check, t)}</article>
`;
}

function list(part: "new" | "fixed" | "changed", check: Compared, t: ReportWords): Markup | null {
  const count = check.counts[part];
  if (count === 0) return null;
  const all: KeptFinding[] = part === "changed" ? check.changed.map(({ after }) => after) : check[part];
  const shown = all.slice(0, mostOfAKind);
  const rest = count - shown.length;
  return html`<p class="more"><strong>${t.compare(part, { count })}</strong></p>
<ul>${shown.map((finding) => findingBlock(finding, t))}</ul>
${rest > 0 ? html`<p class="more">${t.report("moreFindings", { count: rest, shown: number(rest, t.locale) })}</p>` : null}`;
}
