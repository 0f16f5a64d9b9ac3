import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, parseAllDocuments } from "yaml";
import { KubeconfigError } from "./access.ts";

/** A parsed document without prototypes, aliases or tags. */
export type Plain = string | number | bigint | boolean | null | Plain[] | PlainMap;
export type PlainMap = Map<string, Plain>;

const maxBytes = 256 * 1024;
const maxDepth = 24;
/** Four times what a file of the largest size has when it is full of small contexts. */
const maxLexemes = 60_000;
/** C0 and C1 without tab and line ends, and everything that changes the direction of text. */
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;

export function hasHiddenCharacters(text: string): boolean {
  return hidden.test(text);
}

/** One YAML (or JSON) document of plain maps, lists and scalars. Whatever could surprise a reader is refused. */
export function readStrictYaml(input: string): Plain {
  const text = input.startsWith("\ufeff") ? input.slice(1) : input;
  if (text.trim() === "") throw new KubeconfigError("empty");
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) throw new KubeconfigError("too-large");
  if (!text.isWellFormed() || text.includes("\ufffd")) throw new KubeconfigError("not-text");
  if (hasHiddenCharacters(text)) throw new KubeconfigError("hidden-characters");
  const lines = new LineCounter();
  const [document, ...others] = parseDocuments(text, lines);
  if (others.length > 0) throw new KubeconfigError("several-documents");
  if (!document || document.contents === null) throw new KubeconfigError("empty");
  const error = document.errors[0];
  if (error) throw new KubeconfigError("not-yaml", { line: String(lines.linePos(error.pos[0]).line) });
  return plain(document.contents, 0, lines);
}

function parseDocuments(text: string, lineCounter: LineCounter) {
  // Brackets open nothing but flow collections: this many cannot be a kubeconfig and would exhaust the parser's stack.
  if (/(?:[[{]\s*){32}/.test(text)) throw new KubeconfigError("too-deep");
  refuseDense(text);
  try {
    // Duplicate keys are found below: the library compares each with each, which a large file turns into minutes.
    const options = { version: "1.2", schema: "core", uniqueKeys: false, prettyErrors: false } as const;
    const documents = parseAllDocuments(text, { ...options, lineCounter, logLevel: "silent" });
    return Array.isArray(documents) ? documents : [];
  } catch {
    throw new KubeconfigError("too-deep");
  }
}

/** Parsing takes its time by lexeme, not by byte: hundreds of thousands of brackets fit into the largest file. */
function refuseDense(text: string): void {
  let count = 0;
  for (const _lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > maxLexemes) throw new KubeconfigError("too-dense");
  }
}

function plain(node: unknown, depth: number, lines: LineCounter): Plain {
  if (depth > maxDepth) throw new KubeconfigError("too-deep");
  if (node === null || node === undefined) return null;
  const line = lineOf(node, lines);
  if (isAlias(node)) throw new KubeconfigError("yaml-alias", line);
  const { anchor, tag } = node as Node & { anchor?: string; tag?: string };
  if (anchor !== undefined) throw new KubeconfigError("yaml-alias", line);
  if (tag !== undefined) throw new KubeconfigError("yaml-tag", line);
  if (isScalar(node)) return scalar(node.value);
  if (isSeq(node)) return node.items.map((item) => plain(item, depth + 1, lines));
  if (!isMap(node)) throw new KubeconfigError("not-yaml", line);
  const map: PlainMap = new Map();
  for (const pair of node.items) {
    const key = plain(pair.key, depth + 1, lines);
    if (typeof key !== "string") throw new KubeconfigError("key-not-text", line);
    if (key === "<<") throw new KubeconfigError("yaml-alias", lineOf(pair.key, lines));
    if (map.has(key))
      throw new KubeconfigError("duplicate-key", { ...lineOf(pair.key, lines), key: shown(key) });
    map.set(key, plain(pair.value, depth + 1, lines));
  }
  return map;
}

function scalar(value: unknown): Plain {
  if (typeof value === "string") {
    if (hasHiddenCharacters(value)) throw new KubeconfigError("hidden-characters");
    return value;
  }
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  return String(value);
}

function lineOf(node: unknown, lines: LineCounter): { line: string } {
  const start = (node as Node).range?.[0] ?? 0;
  return { line: String(lines.linePos(start).line) };
}

/** A name from the file, short enough for a sentence. */
export function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}
