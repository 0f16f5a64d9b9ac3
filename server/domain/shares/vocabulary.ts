import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { checks } from "#server/checks/registry.gen.ts";

let known: Promise<ReadonlySet<string>> | undefined;

/**
 * The words that the product's own texts use, in lower case: those of its runbooks and checks, which everybody may
 * read. Where names are hidden these are the only words that stay; a list of what to hide would miss what nobody
 * thought of.
 */
export function vocabulary(): Promise<ReadonlySet<string>> {
  known ??= read().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function read(): Promise<ReadonlySet<string>> {
  const words = new Set<string>();
  const folder = path.join(process.cwd(), "runbooks");
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith("en.md"));
  for (const file of files) add(words, await readFile(path.join(folder, file), "utf8"));
  for (const { id, title, why, remedy } of checks) add(words, [id, title.en, why.en, remedy.en].join(" "));
  return words;
}

function add(words: Set<string>, text: string): void {
  for (const [word] of text.matchAll(/[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]/g)) {
    words.add(word.toLowerCase());
    for (const part of word.split(/[-_.]/)) words.add(part.toLowerCase());
  }
}
