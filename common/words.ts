import type { Evidence, Finding, KeptFinding, Words } from "./result.ts";
import { inLocale, type Locale, type Text } from "./text.ts";

/** What a judge said in words, kept as plain English with every language beside it. */
export function kept(finding: Finding): KeptFinding {
  const { observed, expected, evidence, ...rest } = finding;
  return {
    ...rest,
    ...split({ observed, expected }),
    ...(evidence && { evidence: evidence.map(keptEvidence) }),
  };
}

function keptEvidence({ source, excerpt }: Evidence): NonNullable<KeptFinding["evidence"]>[number] {
  return { ...split({ source, excerpt }), source: english(source), excerpt: english(excerpt) };
}

const english = (words: Words) => (typeof words === "string" ? words : words.en);

type Plain<K extends string> = { [Key in K]?: string } & { texts?: { [Key in K]?: Text } };

function split<K extends string>(said: { [Key in K]?: Words }): Plain<K> {
  const given = (Object.entries(said) as [K, Words | undefined][]).flatMap(([key, words]) =>
    words === undefined ? [] : [[key, words] as const],
  );
  const texts = given.filter((entry): entry is [K, Text] => typeof entry[1] !== "string");
  return {
    ...Object.fromEntries(given.map(([key, words]) => [key, english(words)])),
    ...(texts.length > 0 && { texts: Object.fromEntries(texts) }),
  } as Plain<K>;
}

/** One such field for a reader; what was kept before there were several languages reads as it was. */
export function reads<K extends string>(from: Plain<K>, field: K, locale: Locale): string | undefined {
  const text = from.texts?.[field];
  return text ? inLocale(text, locale) : from[field];
}
