import { inLocale, type Locale, type Text } from "#common/text.ts";

/** Names are the same in every language, words are not. */
export function wordsIn(words: string | Text | undefined, locale: Locale): string {
  return typeof words === "object" ? inLocale(words, locale) : (words ?? "");
}
