import { readFile } from "node:fs/promises";
import path from "node:path";
import { createTranslator } from "next-intl";
import type { Locale } from "#common/text.ts";

/** A message of one namespace, with its values filled in; the key itself where there is no such message. */
export type Words = (key: string, values?: Record<string, string | number>) => string;

/** messages/<locale>/<namespace>.json, as the pages use them. */
export async function loadWords(project: string, locale: Locale, namespace: string): Promise<Words> {
  const file = path.join(project, "messages", locale, `${namespace}.json`);
  const messages: Record<string, string> = JSON.parse(await readFile(file, "utf8"));
  const translate = createTranslator({ locale, messages });
  return (key, values) => (translate.has(key) ? translate(key, values) : key);
}
