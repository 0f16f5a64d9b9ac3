import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { type RunbookMeta, runbookMetaSchema } from "#common/contracts/runbook.ts";
import { type Locale, locales } from "#common/text.ts";
import { withFigures } from "./figures.ts";
import { plainCode } from "./highlight.ts";
import { type Article, readArticle, readFrontMatter } from "./markdoc.ts";

/** Its code has no colours yet: see withColours. */
export type RunbookText = Article & { meta: RunbookMeta };
export type LoadedRunbook = {
  slug: string;
  texts: Record<Locale, RunbookText>;
  /** written by the team itself */
  own?: true;
};
export type Runbooks = ReadonlyMap<string, LoadedRunbook>;

type Loaded = { signature: string; runbooks: Promise<Map<string, LoadedRunbook>>; lookedAtMs: number };
const lookAgainMs = 2_000;
const loaded = new Map<string, Loaded>();

/**
 * All runbooks by slug, in the order of the catalogue. Kept in memory; the files' times are looked at every two
 * seconds at most, so that an edited text shows without a restart.
 */
export async function loadRunbooks(directory = defaultDirectory()): Promise<Map<string, LoadedRunbook>> {
  const known = loaded.get(directory);
  if (known && performance.now() - known.lookedAtMs < lookAgainMs) return known.runbooks;
  const slugs = await slugsIn(directory);
  const signature = await signatureOf(directory, slugs);
  if (known?.signature === signature) {
    known.lookedAtMs = performance.now();
    return known.runbooks;
  }
  const runbooks = readAll(directory, slugs);
  loaded.set(directory, { signature, runbooks, lookedAtMs: performance.now() });
  runbooks.catch(() => loaded.delete(directory));
  return runbooks;
}

/** The processes of Weekbook run in its own folder; a bundled file does not know where it came from. */
function defaultDirectory(): string {
  return path.join(process.cwd(), "runbooks");
}

/** A folder without a text is none: changing branches leaves such behind. */
async function slugsIn(directory: string): Promise<string[]> {
  const files = await readdir(directory, { recursive: true });
  const texts = files.filter((file) => file.endsWith(".md") && path.dirname(file) !== ".");
  return [...new Set(texts.map((file) => path.dirname(file)))].sort();
}

async function signatureOf(directory: string, slugs: string[]): Promise<string> {
  const files = slugs.flatMap((slug) => locales.map((locale) => fileOf(directory, slug, locale)));
  const times = await Promise.all(files.map(async (file) => `${file} ${(await stat(file)).mtimeMs}`));
  return times.join("\n");
}

async function readAll(directory: string, slugs: string[]): Promise<Map<string, LoadedRunbook>> {
  const runbooks = await Promise.all(slugs.map((slug) => readRunbook(directory, slug)));
  runbooks.sort((a, b) => a.texts.en.meta.number - b.texts.en.meta.number);
  return new Map(runbooks.map((runbook) => [runbook.slug, runbook]));
}

async function readRunbook(directory: string, slug: string): Promise<LoadedRunbook> {
  const read = (locale: Locale) => readText(fileOf(directory, slug, locale));
  return { slug, texts: { en: await read("en"), "zh-CN": await read("zh-CN") } };
}

async function readText(file: string): Promise<RunbookText> {
  const source = await readFile(file, "utf8");
  try {
    const meta = runbookMetaSchema.parse(parseYaml(readFrontMatter(source)));
    const { article, ...rest } = readArticle(source, plainCode);
    return { meta, article: await withFigures(article, path.join(process.cwd(), "public")), ...rest };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`${file}: ${problem}`, { cause: error });
  }
}

function fileOf(directory: string, slug: string, locale: Locale): string {
  return path.join(directory, slug, `${locale}.md`);
}
