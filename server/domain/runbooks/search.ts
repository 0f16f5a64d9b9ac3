import MiniSearch from "minisearch";
import type { LoadedRunbook, Runbooks } from "./load-runbooks.ts";

type Entry = { slug: string; title: string; summary: string; tags: string; text: string };

const indexes = new WeakMap<Runbooks, MiniSearch<Entry>>();

/** Slugs of the runbooks that have every word of the query, in either language, best first. */
export function searchRunbooks(runbooks: Runbooks, query: string): string[] {
  let index = indexes.get(runbooks);
  if (!index) {
    index = buildIndex(runbooks);
    indexes.set(runbooks, index);
  }
  return index.search(query).map((hit) => String(hit.id));
}

function buildIndex(runbooks: Runbooks): MiniSearch<Entry> {
  const index = new MiniSearch<Entry>({
    idField: "slug",
    fields: ["title", "summary", "tags", "text", "slug"],
    tokenize: tokensOf,
    searchOptions: {
      combineWith: "AND",
      boost: { title: 6, slug: 4, tags: 3, summary: 2 },
      prefix: (term) => isLatin(term),
      fuzzy: (term) => (isLatin(term) && term.length > 4 ? 0.2 : false),
    },
  });
  index.addAll([...runbooks.values()].map(toEntry));
  return index;
}

function toEntry({ slug, texts }: LoadedRunbook): Entry {
  const both = [texts.en, texts["zh-CN"]];
  return {
    slug,
    title: both.map(({ meta }) => meta.title).join("\n"),
    summary: both.map(({ meta }) => meta.summary).join("\n"),
    tags: both.flatMap(({ meta }) => meta.tags).join("\n"),
    text: both.map(({ plainText }) => plainText).join("\n"),
  };
}

/** Words, and for Han, which has no spaces, each pair of neighbours (重复地址 → 重复 复地 地址). */
export function tokensOf(text: string): string[] {
  const runs = text.normalize("NFKC").match(/\p{Script=Han}+|[\p{L}\p{N}_]+/gu) ?? [];
  return runs.flatMap((run) => (isHan(run) ? pairsOf(run) : splitMixed(run)));
}

/** A Latin run may hold Han inside ("CPU限流"): the two are taken apart. */
function splitMixed(run: string): string[] {
  const parts = run.match(/\p{Script=Han}+|\P{Script=Han}+/gu) ?? [];
  return parts.flatMap((part) => (isHan(part) ? pairsOf(part) : [part]));
}

function pairsOf(run: string): string[] {
  const signs = [...run];
  return signs.length === 1 ? signs : signs.slice(1).map((sign, index) => `${signs[index]}${sign}`);
}

function isHan(text: string): boolean {
  return /^\p{Script=Han}+$/u.test(text);
}

function isLatin(term: string): boolean {
  return !/\p{Script=Han}/u.test(term);
}
