import type { Across, AcrossCheck, AcrossTarget } from "#common/contracts/across.ts";
import { exactTime, number } from "#common/format.ts";
import type { KeptFinding } from "#common/result.ts";
import { inLocale, type Locale, type Text } from "#common/text.ts";
import { findingBlock } from "./finding.ts";
import { html, type Markup } from "./markup.ts";
import { pageEnd, pageStart, verdictMark } from "./page.ts";
import { type ReportWords, reportWords } from "./words.ts";

/** `titleOf`: a check's title, by its id */
type Extras = { locale: Locale; titleOf: (check: string) => Text };
type Names = { a: string; b: string };

const mostOfAKind = 50;

/** Two clusters or two hosts side by side as one document that loads nothing: what only one has, and what differs. */
export async function* writeAcross(across: Across, { locale, titleOf }: Extras): AsyncGenerator<string> {
  const t = await reportWords(locale);
  const names = namesOf(across);
  const title = t.across("title", names);
  yield pageStart({ title, locale });
  yield html`<header>
<p class="eyebrow"><span class="brand">Weekbook</span><span>${t.report("comparison")}</span></p>
<h1>${title}</h1>
<p class="lead soft">${sentence(across.checks, names, t)}</p>
<dl class="facts">${side("A", across.a, t)}${side("B", across.b, t)}</dl>
</header>
<main>
`.text;
  if (across.checks.length === 0) yield html`<p class="more">${t.across("nothing")}</p>`.text;
  for (const check of across.checks) yield block(check, { title: titleOf(check.checkId), names }, t).text;
  yield html`</main>
<footer class="end">${t.report("end")}</footer>
`.text;
  yield pageEnd;
}

/** What each side is called: of two hosts of one cluster the hosts, else the clusters. */
function namesOf({ a, b, checks }: Across): Names {
  if (a.cluster.slug !== b.cluster.slug || a.run.id !== b.run.id)
    return { a: a.cluster.name, b: b.cluster.name };
  const both = checks.find((check) => check.a && check.b);
  return { a: both?.a?.name ?? a.cluster.name, b: both?.b?.name ?? b.cluster.name };
}

function sentence(checks: readonly AcrossCheck[], names: Names, t: ReportWords): string {
  const total = (part: keyof AcrossCheck["counts"]) =>
    checks.reduce((sum, { counts }) => sum + counts[part], 0);
  return t.across("sentence", {
    ...names,
    ...{ onlyA: total("onlyA"), onlyB: total("onlyB"), differing: total("differing"), same: total("same") },
    incomparable: checks.filter(({ incomparable }) => incomparable !== null).length,
  });
}

function side(label: string, { run, cluster }: Across["a"], t: ReportWords): Markup {
  return html`<div><dt>${label}</dt><dd>${run.verdict && verdictMark(run.verdict, t)} <bdi>${cluster.name}</bdi><br>
<time class="num" datetime="${run.createdAt.toISOString()}">${exactTime(run.createdAt, t.locale, "UTC")}</time></dd></div>
`;
}

function block(check: AcrossCheck, { title, names }: { title: Text; names: Names }, t: ReportWords): Markup {
  const { incomparable, counts } = check;
  const differences = counts.onlyA + counts.onlyB + counts.differing;
  const params = check.params.map(({ name, a, b }) => `${name}: ${a || "–"} / ${b || "–"}`).join("; ");
  return html`<article class="result">
<header><h3>${inLocale(title, t.locale)}</h3><span class="where"><code>${check.checkId}</code></span></header>
<p class="lead">A ${said(check.a, t)} · B ${said(check.b, t)}</p>
${incomparable === null ? null : html`<p class="more unknown">${t.across(`incomparable.${incomparable}`, names)}</p>`}${
  params === "" ? null : html`<p class="more">${t.across("params")} <code>${params}</code></p>`
}${
  differences === 0 && incomparable === null
    ? html`<p class="more">${t.across("alike", { count: counts.same })}</p>`
    : null
}${list(t.across("only", { count: counts.onlyA, name: names.a }), counts.onlyA, check.onlyA, t)}${list(
  t.across("only", { count: counts.onlyB, name: names.b }),
  counts.onlyB,
  check.onlyB,
  t,
)}${differing(check, names, t)}</article>
`;
}

function said(target: AcrossTarget | null, t: ReportWords): Markup {
  return target?.verdict
    ? verdictMark(target.verdict, t)
    : html`<span class="faint">${t.across("notAsked")}</span>`;
}

function list(label: string, count: number, all: readonly KeptFinding[], t: ReportWords): Markup | null {
  if (count === 0) return null;
  const shown = all.slice(0, mostOfAKind);
  return html`<p class="more"><strong>${label}</strong></p>
<ul>${shown.map((finding) => findingBlock(finding, t))}</ul>
${more(count - shown.length, t)}`;
}

/** Each as A has it, and below what B says of the same. */
function differing({ differing: pairs, counts }: AcrossCheck, names: Names, t: ReportWords): Markup | null {
  if (counts.differing === 0) return null;
  const shown = pairs.slice(0, mostOfAKind);
  return html`<p class="more"><strong>${t.across("differing", { count: counts.differing })}</strong></p>
<ul>${shown.map(
    ({ a, b }) =>
      html`${findingBlock(a, t)}<li class="more">${t.across("there", { name: names.b })} ${verdictMark(
        b.verdict,
        t,
      )} <bdi>${b.texts?.observed?.[t.locale] ?? b.observed}</bdi></li>`,
  )}</ul>
${more(counts.differing - shown.length, t)}`;
}

function more(rest: number, t: ReportWords): Markup | null {
  if (rest <= 0) return null;
  return html`<p class="more">${t.report("moreFindings", { count: rest, shown: number(rest, t.locale) })}</p>`;
}
