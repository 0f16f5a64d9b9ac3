import { tokensOf } from "../runbooks/search.ts";

/** Of a word; a longer one is found by its beginning. */
const LONGEST_WORD = 40;
const MOST_ASKED = 8;

/**
 * The words by which a text is found, in lower case. Dotted ones ("10.244.0.7", "web.example.com") also stand whole, and
 * their numbers not by themselves; Han as pairs of neighbours, and the last sign of each run alone, so that one sign is
 * the beginning of something.
 */
export function searchWords(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of splitText(text)) {
    if (isDotted(word)) found.add(cut(word));
    for (const part of isDotted(word) ? word.split(dots) : [word]) {
      if (isDotted(word) && isNumber.test(part)) continue;
      for (const token of tokensOf(part)) found.add(cut(token));
      const last = /\p{Script=Han}$/u.exec(part)?.[0];
      if (last) found.add(last);
    }
  }
  return found;
}

/** The word that stands for a check in the words of its results. */
export function checkWord(checkId: string): string {
  return `=${checkId}`;
}

/** The same for a cluster: with words, both are asked of one index. */
export function clusterWord(clusterId: string): string {
  return `@${clusterId}`;
}

/** Narrows a tsquery to results that have one of these words. */
export function andAnyOf(tsquery: string, words: readonly string[]): string {
  return `${tsquery} & (${words.map(quoted).join(" | ")})`;
}

/**
 * A tsquery for what somebody typed: every word must be the beginning of one, or be in the title of the result's check.
 * undefined where there is no word in it.
 */
export function toTsquery(
  text: string,
  titles: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const asked = [...new Set(splitText(text).flatMap(askedOf))].slice(0, MOST_ASKED);
  if (asked.length === 0) return undefined;
  return asked
    .map((word) => {
      const checks = [...titles].filter(([, words]) => [...words].some((each) => each.startsWith(word)));
      return [`${quoted(word)}:*`, ...checks.map(([id]) => quoted(checkWord(id)))].join(" | ");
    })
    .map((alternatives) => `(${alternatives})`)
    .join(" & ");
}

/** Words as the text of a tsvector. */
export function toTsvector(words: Iterable<string>): string {
  return [...words].map(quoted).join(" ");
}

const dots = /[.:]+/u;
const isNumber = /^[0-9]+$/u;

function splitText(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}_]+(?:[.:][\p{L}\p{N}_]+)*/gu) ?? []
  );
}

function isDotted(word: string): boolean {
  return dots.test(word);
}

function askedOf(word: string): string[] {
  return isDotted(word) ? [cut(word)] : tokensOf(word).map(cut);
}

function cut(word: string): string {
  return [...word].slice(0, LONGEST_WORD).join("");
}

/** Nothing but letters, numbers and what a check's id holds gets here; quotes and backslashes are doubled all the same. */
function quoted(word: string): string {
  return `'${word.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
