import { changeOf, headlineOf, subjectOf } from "./headline.ts";
import type { Message } from "./message.ts";
import { wordsOf } from "./words.ts";

type Block = Record<string, unknown>;
const longestSection = 2_900;
const gap = "\u200b";

/**
 * Text of clusters and people inside mrkdwn: no mention, link, channel, emoji or mark-up comes of it. What Slack decodes
 * is escaped; what it or a look-alike reads as a sign is parted from its word by a space without width.
 */
export function escapeMrkdwn(text: string): string {
  return parted(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function parted(text: string): string {
  return oneLine(text)
    .replace(/[*_~`@#[\]|!]/g, (sign) => `${gap}${sign}${gap}`)
    .replaceAll("://", `:${gap}//`)
    .replace(/\bwww\./gi, `www${gap}.`)
    .replace(/:(?=[a-z0-9_+'-]+:)/gi, `:${gap}`);
}

/** Inside back quotes nothing is read as a sign, so that a name can be copied as it is. */
function code(text: string): string {
  const plain = oneLine(text)
    .replaceAll("`", "ˋ")
    .replaceAll("://", `:${gap}//`)
    .replace(/[@!]/g, `$&${gap}`);
  const escaped = plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `\`${escaped || " "}\``;
}

/** The body of an incoming webhook of Slack, and of what takes the same. `text` is for notices and for look-alikes. */
export function slackBody(message: Message): Block {
  // Slack reads no signs here; a look-alike may.
  const headline = cut(parted(headlineOf(message)).replaceAll("<", `<${gap}`), 150);
  const blocks = [
    { type: "header", text: { type: "plain_text", emoji: false, text: headline } },
    ...sectionsOf(message),
    context(message),
  ];
  return {
    text: cut(plainOf(message), longestSection),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    blocks,
  };
}

function sectionsOf(message: Message): Block[] {
  const words = wordsOf(message.locale);
  if (message.kind === "test") {
    return [section(escapeMrkdwn(words.testText(message.channel.name, message.team.name)))];
  }
  const findings = message.findings.map((finding) =>
    section(
      `*${link(finding.url, changeOf(finding, message.locale))}* · ${escapeMrkdwn(finding.cluster.name)} · ${code(subjectOf(finding))}\n` +
        escapeMrkdwn(finding.message),
    ),
  );
  const checks = message.checks.map(({ url, check, cluster, change, reason, target }) =>
    section(
      `*${link(url, words.change[change])}* · ${escapeMrkdwn(cluster.name)} · ${escapeMrkdwn(check.title)} · ${code(target)}` +
        (reason === null ? "" : `\n${escapeMrkdwn(reason)}`),
    ),
  );
  const schedules = message.schedules.map(({ why, url }) =>
    section(`${escapeMrkdwn(why)} ${link(url, "→")}`),
  );
  const more = message.more > 0 ? [section(words.more(message.more))] : [];
  return [...schedules, ...findings, ...more, ...checks];
}

function context(message: Message): Block {
  const words = wordsOf(message.locale);
  const runs = message.runs.map(({ url, schedule }) => link(url, escapeMrkdwn(words.run(schedule))));
  const seen = runs.length > 0 ? `${words.runs} ${runs.join(words.between)} · ` : "";
  return {
    type: "context",
    elements: [mrkdwn(`${seen}${link(message.url, words.all)}`)],
  };
}

function plainOf(message: Message): string {
  const shown = message.findings.map(
    (finding) => `${changeOf(finding, message.locale)}: ${subjectOf(finding)}`,
  );
  return [escapeMrkdwn(headlineOf(message)), ...shown.map(escapeMrkdwn), message.url].join("\n");
}

/** `label` is ours, or escaped; an address of ours holds slugs and ids alone. */
function link(url: string, label: string): string {
  return `<${url}|${label}>`;
}

function section(text: string): Block {
  return { type: "section", text: mrkdwn(text) };
}

/** `verbatim`: what looks like an address or a name is not made one. */
function mrkdwn(text: string): Block {
  return { type: "mrkdwn", verbatim: true, text: cut(text, longestSection) };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}
