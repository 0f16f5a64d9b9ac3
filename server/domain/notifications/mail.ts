import { changeOf, headlineOf, subjectOf } from "./headline.ts";
import type { Message } from "./message.ts";
import { wordsOf } from "./words.ts";

export type Mail = { subject: string; text: string; html: string };

/** Plain text and the same as simple HTML: no picture, no script, nothing that is fetched. */
export function mailOf(message: Message): Mail {
  const headline = headlineOf(message);
  return {
    subject: oneLine(`[${message.team.name}] ${headline}`).slice(0, 250).toWellFormed(),
    text: textOf(message, headline),
    html: htmlOf(message, headline),
  };
}

function textOf(message: Message, headline: string): string {
  const words = wordsOf(message.locale);
  const parts = [
    oneLine(headline),
    ...(message.kind === "test" ? [words.testText(message.channel.name, message.team.name)] : []),
    ...message.schedules.map(({ why, url }) => `${oneLine(why)}\n${url}`),
    ...message.findings.map(
      (each) =>
        `${changeOf(each, message.locale)} · ${oneLine(each.cluster.name)} · ${oneLine(subjectOf(each))}\n` +
        `${oneLine(each.message)}\n${each.url}`,
    ),
    ...(message.more > 0 ? [words.more(message.more)] : []),
    ...message.checks.map(
      ({ change, cluster, check, target, reason, url }) =>
        `${words.change[change]} · ${oneLine(cluster.name)} · ${oneLine(check.title)} · ${oneLine(target)}\n` +
        `${reason === null ? "" : `${oneLine(reason)}\n`}${url}`,
    ),
    ...message.runs.map(({ url, schedule }) => `${oneLine(words.run(schedule))}: ${url}`),
    `${words.all}: ${message.url}`,
    `-- \n${oneLine(words.why(message.team.name, message.channel.name))}`,
  ];
  return parts.join("\n\n");
}

function htmlOf(message: Message, headline: string): string {
  const words = wordsOf(message.locale);
  const items = [
    ...message.schedules.map(({ why, url }) => `<li>${link(url, why)}</li>`),
    ...message.findings.map(
      (each) =>
        `<li><p>${link(each.url, changeOf(each, message.locale))} · ${escapeHtml(each.cluster.name)} · ` +
        `<code>${escapeHtml(subjectOf(each))}</code><br>${escapeHtml(each.message)}</p></li>`,
    ),
    ...message.checks.map(
      ({ change, cluster, check, target, reason, url }) =>
        `<li><p>${link(url, words.change[change])} · ${escapeHtml(cluster.name)} · ${escapeHtml(check.title)} · ` +
        `<code>${escapeHtml(target)}</code>${reason === null ? "" : `<br>${escapeHtml(reason)}`}</p></li>`,
    ),
  ];
  const runs = message.runs.map(({ url, schedule }) => link(url, words.run(schedule)));
  const test =
    message.kind === "test"
      ? `<p>${escapeHtml(words.testText(message.channel.name, message.team.name))}</p>`
      : "";
  return [
    `<!doctype html><html lang="${message.locale}"><meta charset="utf-8"><title>${escapeHtml(headline)}</title>`,
    `<body style="font-family:sans-serif;line-height:1.5"><h1 style="font-size:1.1rem">${escapeHtml(headline)}</h1>`,
    test,
    items.length > 0 ? `<ul>${items.join("")}</ul>` : "",
    message.more > 0 ? `<p>${escapeHtml(words.more(message.more))}</p>` : "",
    runs.length > 0 ? `<p>${words.runs} ${runs.join(words.between)}</p>` : "",
    `<p>${link(message.url, words.all)}</p>`,
    `<p style="color:#666"><small>${escapeHtml(words.why(message.team.name, message.channel.name))}</small></p></body></html>`,
  ].join("");
}

function link(url: string, label: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;
}

function escapeHtml(text: string): string {
  const plain = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" } as const;
  return oneLine(text).replace(/[&<>"']/g, (sign) => plain[sign as keyof typeof plain]);
}

/** No line of a header can be begun, and no writing direction turned round. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
}
