import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  parseAllDocuments,
  Scalar,
} from "yaml";
import type { Problems } from "./problems.ts";

type At = { at: number };
export type ScalarTree = At & {
  type: "scalar";
  value: string | number | boolean | null;
  /** where in the text the character `offset` of the value stands */
  locate: (offset: number) => number;
};
export type ListTree = At & { type: "list"; items: YamlTree[] };
export type MapTree = At & { type: "map"; entries: Map<string, { keyAt: number; tree: YamlTree }> };
/** Plain data with its places in the text of the runbook. */
export type YamlTree = ScalarTree | ListTree | MapTree;

const maxDepth = 12;
const maxLexemes = 8_000;

/**
 * One YAML document that begins at `start` in the runbook's text. Aliases, anchors, tags, merge keys and duplicate
 * keys are refused, so that a text means what it says; undefined where there is nothing to go on with.
 */
export function readYamlTree(text: string, start: number, problems: Problems): YamlTree | undefined {
  if (isTooDense(text)) {
    problems.add(start, "yaml-too-dense");
    return undefined;
  }
  const documents = parse(text);
  const [document, ...others] = documents ?? [];
  if (!documents) problems.add(start, "yaml-too-deep", { most: maxDepth });
  else if (!document?.contents) problems.add(start, "not-a-map", { key: "check" });
  if (!document?.contents) return undefined;
  for (const error of document.errors) {
    problems.add(start + error.pos[0], "yaml", { detail: error.message.split("\n")[0] ?? "" });
  }
  if (others[0]) problems.add(start + (others[0].range?.[0] ?? 0), "yaml-several");
  if (document.errors.length > 0 || others.length > 0) return undefined;
  const before = problems.count;
  const tree = new TreeReader(text, start, problems).read(document.contents, 0);
  return problems.count === before ? tree : undefined;
}

/** Brackets and indicators cost the parser time and stack by number, not by length. */
function isTooDense(text: string): boolean {
  if (/(?:[[{]\s*){16}/.test(text)) return true;
  let count = 0;
  for (const _lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > maxLexemes) return true;
  }
  return false;
}

function parse(text: string) {
  try {
    const options = { version: "1.2", schema: "core", uniqueKeys: false, prettyErrors: false } as const;
    const documents = parseAllDocuments(text, { ...options, logLevel: "silent" });
    return Array.isArray(documents) ? documents : [];
  } catch {
    return undefined;
  }
}

class TreeReader {
  readonly #text: string;
  readonly #start: number;
  readonly #problems: Problems;

  constructor(text: string, start: number, problems: Problems) {
    this.#text = text;
    this.#start = start;
    this.#problems = problems;
  }

  read(node: unknown, depth: number): YamlTree {
    const at = this.#at(node);
    const empty: ScalarTree = { type: "scalar", at, value: null, locate: () => at };
    if (node === null || node === undefined) return empty;
    if (depth > maxDepth) return this.#refuse(empty, "yaml-too-deep", { most: maxDepth });
    const { anchor, tag } = node as Node & { anchor?: string; tag?: string };
    if (isAlias(node) || anchor !== undefined) return this.#refuse(empty, "yaml-alias");
    if (tag !== undefined) return this.#refuse(empty, "yaml-tag", { tag });
    if (isScalar(node)) return this.#scalar(node, at);
    if (isSeq(node)) return { type: "list", at, items: node.items.map((item) => this.read(item, depth + 1)) };
    if (!isMap(node)) return empty;
    return { type: "map", at, entries: this.#entries(node.items, depth) };
  }

  #entries(pairs: Pair<unknown, unknown>[], depth: number): MapTree["entries"] {
    const entries: MapTree["entries"] = new Map();
    for (const pair of pairs) {
      const key = isScalar(pair.key) ? pair.key.value : undefined;
      const keyAt = this.#at(pair.key);
      const { anchor, tag } = (pair.key ?? {}) as { anchor?: string; tag?: string };
      if (key === "<<" || anchor !== undefined) this.#problems.add(keyAt, "yaml-alias");
      else if (tag !== undefined) this.#problems.add(keyAt, "yaml-tag", { tag });
      else if (typeof key !== "string") this.#problems.add(keyAt, "yaml-key");
      else if (entries.has(key)) this.#problems.add(keyAt, "yaml-key-twice", { key });
      else entries.set(key, { keyAt, tree: this.read(pair.value, depth + 1) });
    }
    return entries;
  }

  #scalar(node: Scalar, at: number): ScalarTree {
    const { value } = node;
    const known = value === null || ["string", "number", "boolean"].includes(typeof value);
    const plain = (known ? value : String(value)) as ScalarTree["value"];
    return { type: "scalar", at, value: plain, locate: (offset) => this.#locate(node, at, offset) };
  }

  /** Exact where the value stands in the text as it is; else the place where the value begins. */
  #locate(node: Scalar, at: number, offset: number): number {
    const begin = node.range?.[0] ?? 0;
    const end = node.range?.[1] ?? begin;
    const value = String(node.value);
    if (node.type === Scalar.BLOCK_LITERAL) return this.#locateInBlock(value, begin, offset) ?? at;
    const quote = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE ? 1 : 0;
    const inner = this.#text.slice(begin + quote, end - quote);
    return inner.startsWith(value.slice(0, offset)) ? at + quote + offset : at;
  }

  #locateInBlock(value: string, begin: number, offset: number): number | undefined {
    const before = value.slice(0, offset).split("\n");
    let lineStart = this.#text.indexOf("\n", begin) + 1;
    for (let line = 1; line < before.length; line += 1) lineStart = this.#text.indexOf("\n", lineStart) + 1;
    if (lineStart === 0) return undefined;
    const column = before.at(-1)?.length ?? 0;
    const indent = /^ */.exec(this.#text.slice(lineStart, lineStart + 200))?.[0].length ?? 0;
    const own = /^ */.exec(value.split("\n")[before.length - 1] ?? "")?.[0].length ?? 0;
    return this.#start + lineStart + indent - own + column;
  }

  #refuse(
    instead: ScalarTree,
    code: "yaml-alias" | "yaml-tag" | "yaml-too-deep",
    values: Record<string, string | number> = {},
  ): ScalarTree {
    this.#problems.add(instead.at, code, values);
    return instead;
  }

  #at(node: unknown): number {
    return this.#start + ((node as Node | null | undefined)?.range?.[0] ?? 0);
  }
}
