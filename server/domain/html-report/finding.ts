import type { ReportResult } from "#common/contracts/report.ts";
import { number } from "#common/format.ts";
import type { Subject } from "#common/result.ts";
import { inLocale } from "#common/text.ts";
import { html, type Markup } from "./markup.ts";
import { verdictMark } from "./page.ts";
import type { ReportWords } from "./words.ts";

/** More than this belongs into report.json: nobody reads it on paper. */
const longestExcerpt = 4_000;
const mostAffected = 10;

type Finding = Omit<ReportResult["findings"][number], "fingerprint">;

/** What a finding is about, what was seen and expected, what proves it and what to do. */
export function findingBlock(finding: Finding, t: ReportWords): Markup {
  const { verdict, subject, message, affected, evidence = [], remedy = [], texts } = finding;
  const observed = texts?.observed?.[t.locale] ?? finding.observed;
  const expected = texts?.expected?.[t.locale] ?? finding.expected;
  const edge = { fail: " f", warn: " w", unknown: " u", pass: "" }[verdict];
  return html`<li class="finding${edge}">
<p>${verdictMark(verdict, t)} <span class="subject">${subjectLine(subject)}</span> <code class="faint">${finding.code}</code></p>
<p>${inLocale(message, t.locale)}</p>
${affected ? affectedLine(affected, t) : null}${sides(observed, expected, t)}${evidence.map(
  ({
    source,
    excerpt,
  }) => html`<details class="block" open><summary>${t.runs("evidence")} · <bdi>${source}</bdi></summary>
<pre>${cut(excerpt, t)}</pre></details>
`,
)}${remedy.length === 0 ? null : remedyBlock(remedy, t)}</li>
`;
}

export function subjectLine({ kind, namespace, name, part }: Subject): Markup {
  return html`${kind} <bdi>${namespace ? html`${namespace}/` : null}${name}</bdi>${part ? html` · <bdi>${part}</bdi>` : null}`;
}

function affectedLine({ count, sample }: NonNullable<Finding["affected"]>, t: ReportWords): Markup {
  const shown = sample.slice(0, mostAffected);
  const rest = count - shown.length;
  return html`<p class="soft small">${t.runs("affected", { count })}: ${shown.map(
    (each, at) =>
      html`${at > 0 && ", "}<bdi>${each.namespace ? `${each.namespace}/` : null}${each.name}</bdi>`,
  )}${rest > 0 ? html` ${t.runs("affectedMore", { count: number(rest, t.locale) })}` : null}</p>
`;
}

function sides(observed: string | undefined, expected: string | undefined, t: ReportWords): Markup | null {
  if (!observed && !expected) return null;
  const side = (label: string, text: string | undefined) =>
    text ? html`<div><dt>${label}</dt><dd>${cut(text, t)}</dd></div>` : null;
  return html`<dl class="sides">${side(t.runs("observed"), observed)}${side(t.runs("expected"), expected)}</dl>
`;
}

function remedyBlock(steps: NonNullable<Finding["remedy"]>, t: ReportWords): Markup {
  return html`<div class="block"><p class="label">${t.runs("remedy")}</p>
<ol>${steps.map(
    ({
      purpose,
      text,
      command,
    }) => html`<li class="step"><span class="soft small">${t.runs(`purpose.${purpose}`)}</span><div><p>${inLocale(text, t.locale)}</p>${command ? html`<pre>${command}</pre>` : null}</div></li>
`,
  )}</ol></div>
`;
}

function cut(text: string, t: ReportWords): string {
  if (text.length <= longestExcerpt) return text;
  const rest = number(text.length - longestExcerpt, t.locale);
  return `${text.slice(0, longestExcerpt)}…\n${t.report("cutText", { count: rest })}`;
}
