import { readFile } from "node:fs/promises";
import { join } from "node:path";
import compile from "icu-minify/compile";
import format from "icu-minify/format";
import type { Locale } from "#common/text.ts";

/** A message with its values filled in; undefined where there is none of that key ("status.done"). */
export type Say = (key: string, values?: Record<string, string | number>) => string | undefined;

const known = new Map<string, Promise<Say>>();

/** messages/<locale>/<namespace>.json for what leaves the server in words, and is no page. Read once. */
export function loadWords(locale: Locale, namespace: string): Promise<Say> {
  const file = join(process.cwd(), "messages", locale, `${namespace}.json`);
  const words = known.get(file) ?? readWords(file, locale);
  known.set(file, words);
  words.catch(() => known.delete(file));
  return words;
}

async function readWords(file: string, locale: Locale): Promise<Say> {
  const compiled = new Map(
    [...flat(JSON.parse(await readFile(file, "utf8")))].map(([key, text]) => [key, compile(text)]),
  );
  return (key, values = {}) => {
    const message = compiled.get(key);
    return message === undefined ? undefined : String(format(message, locale, values, { formatters }));
  };
}

function* flat(messages: unknown, prefix = ""): Generator<[key: string, text: string]> {
  if (typeof messages !== "object" || messages === null) return;
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === "string") yield [`${prefix}${key}`, value];
    else yield* flat(value, `${prefix}${key}.`);
  }
}

const formatters = {
  getDateTimeFormat: (...given: ConstructorParameters<typeof Intl.DateTimeFormat>) =>
    new Intl.DateTimeFormat(...given),
  getNumberFormat: (...given: ConstructorParameters<typeof Intl.NumberFormat>) =>
    new Intl.NumberFormat(...given),
  getPluralRules: (...given: ConstructorParameters<typeof Intl.PluralRules>) =>
    new Intl.PluralRules(...given),
};
