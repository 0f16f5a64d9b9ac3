import type { Locale } from "#common/text.ts";
import { html } from "./markup.ts";
import { pageEnd, pageStart } from "./page.ts";
import { reportWords } from "./words.ts";

/** A page that says in a few words why there is nothing else on it. */
export async function messagePage(
  what: "gone" | "dropped" | "busy" | "failed",
  locale: Locale,
): Promise<string> {
  const t = await reportWords(locale);
  const title = t.report(`${what}Title`);
  const body = html`<header><p class="eyebrow"><span class="brand">Weekbook</span></p></header>
<main>
<h1>${title}</h1>
<p class="lead soft">${t.report(`${what}Text`)}</p>
</main>
`;
  return `${pageStart({ title, locale })}${body.text}${pageEnd}`;
}
