import type { Across, AcrossCheck, AcrossInput, AcrossTarget } from "#common/contracts/across.ts";
import { exactTime, number } from "#common/format.ts";
import type { KeptFinding } from "#common/result.ts";
import { inLocale, type Locale, type Text } from "#common/text.ts";
import { findingBlock } from "./finding.ts";
import { html, type Markup } from "./markup.ts";
import { pageEnd, pageStart, verdictMark } from "./page.ts";
import { type ReportWords, reportWords } from "./words.ts";

type Targets = Pick<AcrossInput, "targetA" | "targetB">;
/** `titleOf`: a check's title, by its id; `targets`: the hosts, by key, where two of them were asked for */
type Extras = { locale: Locale; titleOf: (check: string) => Text; targets?: Targets };
type Names = { a: string; b: string };

const mostOfAKind = 50;

/** Two clusters or two hosts side by side as one document that loads nothing: what only one has, and what differs. */
export async function* writeAcross(
  across: Across,
  { locale, titleOf, targets = {} }: Extras,
): AsyncGenerator<string> {
  const t = await reportWords(locale);
  const names = namesOf(across, targets);
  const kind = targets.targetA === undefined ? "besideClusters" : "besideHosts";
  const title = t.across("title", names);
  yield pageStart({ title, locale });
  yield html`<header>
<p class="eyebrow"><span class="brand">Weekbook</span><span>${t.report(kind)}</span></p>
<h1>${title}</h1>
<p class="lead soft">${sentence(across.checks, names, t)}</p>
<dl class="facts">${side("A", across.a, t)}${side("B", across.b, t)}</dl>
</header>
<main>
`.text;
  if (across.checks.length === 0) yield html`<p class="more">${t.across("nothing")}</p>`.text;
  for (const check of across.checks) yield block(check, { title: titleOf(check.checkId), names }, t).text;
  if (across.left > 0)
    yield html`<p class="more unknown">${t.across("left", { count: across.left })}</p>`.text;
  yield html`</main>
<footer class="end">${t.report("end")}</footer>
`.text;
  yield pageEnd;
}

/** What each side is called: where a host was asked for the host, else the cluster. */
function namesOf({ a, b, checks }: Across, { targetA, targetB }: Targets): Names {
  const host = (side: "a" | "b") => checks.find((check) => check[side])?.[side]?.name;
  return {
    a: targetA === undefined ? a.cluster.name : (host("a") ?? targetA),
    b: targetB === undefined ? b.cluster.name : (host("b") ?? targetB),
  };
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
  const { incomparable, counts, unmatched } = check;
  const differences = counts.onlyA + counts.onlyB + counts.differing;
  const alike = counts.same > 0 || unmatched.a + unmatched.b === 0;
  const params = check.params.map(({ name, a, b }) => `${name}: ${a || "–"} / ${b || "–"}`).join("; ");
  return html`<article class="result">
<header><h3>${inLocale(title, t.locale)}</h3><span class="where"><code>${check.checkId}</code></span></header>
<p class="lead">A ${said(check.a, t)} · B ${said(check.b, t)}</p>
${incomparable === null ? null : html`<p class="more unknown">${t.across(`incomparable.${incomparable}`, names)}</p>`}${
  params === "" ? null : html`<p class="more">${t.across("params")} <code>${params}</code></p>`
}${
  differences === 0 && incomparable === null && alike
    ? html`<p class="more">${t.across("alike", { count: counts.same })}</p>`
    : null
}${list(t.across("only", { count: counts.onlyA, name: names.a }), counts.onlyA, check.onlyA, t)}${list(
  t.across("only", { count: counts.onlyB, name: names.b }),
  counts.onlyB,
  check.onlyB,
  t,
)}${differing(check, names, t)}${matching(check, names, t)}</article>
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

/** What is the same beside all that differs, what was taken for the same, and what is in no count. */
function matching({ counts, byOwner, unmatched }: AcrossCheck, names: Names, t: ReportWords): Markup {
  const { a: countA, b: countB, sample } = unmatched;
  const beside = counts.same > 0 && counts.onlyA + counts.onlyB + counts.differing > 0;
  return html`${beside ? html`<p class="more">${t.across("same", { count: counts.same })}</p>` : null}${byOwner > 0 ? html`<p class="more">${t.across("byOwner", { count: byOwner })}</p>` : null}${
    countA + countB > 0
      ? html`<p class="more unknown">${t.across("unmatched", { countA, countB, ...names })} <code>${sample.join(", ")}</code></p>`
      : null
  }
`;
}

function more(rest: number, t: ReportWords): Markup | null {
  if (rest <= 0) return null;
  return html`<p class="more">${t.report("moreFindings", { count: rest, shown: number(rest, t.locale) })}</p>`;
}
