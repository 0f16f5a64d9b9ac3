import type { Locale } from "#common/text.ts";
import type { Verdict } from "#common/verdict.ts";
import { html, Markup, type Shown } from "./markup.ts";
import { reportPolicy, reportStyle } from "./style.ts";
import type { ReportWords } from "./words.ts";

const outlines: Record<Verdict, Markup> = {
  pass: html`<circle cx="8" cy="8" r="6.2"/><path d="m5.3 8.2 1.9 1.9 3.5-4"/>`,
  warn: html`<path d="M8 2.2 14.3 13.2H1.7z"/><path d="M8 6.4v3M8 11.2v.1"/>`,
  fail: html`<path d="M5.5 1.9h5l3.6 3.6v5l-3.6 3.6h-5l-3.6-3.6v-5z"/><path d="m5.9 5.9 4.2 4.2M10.1 5.9l-4.2 4.2"/>`,
  unknown: html`<circle cx="8" cy="8" r="6.2" stroke-dasharray="2.6 2.27"/><path d="M6.3 6.5a1.75 1.75 0 1 1 2.6 1.5c-.6.35-.9.65-.9 1.2M8 11.2v.1"/>`,
  skip: html`<path d="M3.5 8h9"/>`,
};

const sprite = html`<svg width="0" height="0" aria-hidden="true" focusable="false">${Object.entries(
  outlines,
).map(([name, drawn]) => html`<symbol id="g-${name}" viewBox="0 0 16 16">${drawn}</symbol>`)}</svg>`;

/** How a page begins: a document of its own with its style, no script and nothing to load. */
export function pageStart({ title, locale }: { title: string; locale: Locale }): string {
  const head = html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${reportPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(reportStyle)}</style>
</head>
<body>
${sprite}
<div class="page">
`;
  return head.text;
}

export const pageEnd = "</div>\n</body>\n</html>\n";

/** Sign and word: a verdict is never a colour alone. */
export function verdictMark(
  verdict: Verdict,
  t: ReportWords,
  { wash = false, text }: VerdictLook = {},
): Markup {
  return html`<span class="v ${verdict}${wash && " wash"}"><svg width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><use href="#g-${verdict}"/></svg>${text ?? t.verdict(verdict)}</span>`;
}
type VerdictLook = { wash?: boolean; text?: Shown };
