import "server-only";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import compile from "icu-minify/compile";
import type { Locale } from "#common/text.ts";

type Message = string | { [key: string]: Message };
type Namespaces = Record<string, Record<string, unknown>>;
const read = new Map<Locale, Promise<Namespaces>>();

/** All of messages/<locale>/*.json; the file's name is the namespace. Read once, except while developing. */
export function readMessages(locale: Locale): Promise<Namespaces> {
  const known = process.env.NODE_ENV === "production" ? read.get(locale) : undefined;
  if (known) return known;
  const fresh = readNamespaces(join(process.cwd(), "messages", locale));
  read.set(locale, fresh);
  return fresh;
}

async function readNamespaces(folder: string): Promise<Namespaces> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  const entries = files.map(async (name) => [
    name.slice(0, -".json".length),
    compiled(JSON.parse(await readFile(join(folder, name), "utf8"))),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * Parsed here once, so that no browser has to load a parser of messages (see next.config.ts). The clone has plain prototypes, as
 * what is handed to a browser must.
 */
function compiled(messages: Record<string, Message>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(messages).map(([key, message]) => [
      key,
      typeof message === "string" ? structuredClone(compile(message)) : compiled(message),
    ]),
  );
}
