// Plain text as it is copied from a page (no marks of Markdown) into blocks: what was a list, code, a table, a picture.
import { codeSigns, isComment } from "./code-lines.ts";

export type TextBlock =
  | { type: "line"; text: string }
  | { type: "paragraph"; lines: string[] }
  | { type: "code"; lines: string[] }
  | { type: "list"; items: ListItem[] }
  | { type: "links"; urls: string[] }
  | { type: "picture"; name: string };

export type ListItem = { ordered: boolean; blocks: TextBlock[] };

const bullet = /^(\s*)(•|◦|▪|·|[-*+]|\d{1,3}[.)])\s+(?=\S)/;
const picture = /^(?:img|image-\d{6,}|[\w.-]+\.(?:png|jpe?g|gif|svg|webp))$/i;
const links = /^(?:[-*•]\s*)?https?:\/\/\S+(?:\s+https?:\/\/\S+)*$/;
const heredoc = /<<-?\s*(["']?)(\w+)\1/;

/** Lines that stand together: between empty lines, except that a here-document and what is indented stays whole. */
function chunksOf(lines: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let current: string[] = [];
  let until: string | undefined;
  const close = () => {
    while (current.at(-1)?.trim() === "") current.pop();
    if (current.length > 0) chunks.push(current);
    current = [];
  };
  for (const [index, line] of lines.entries()) {
    if (until === undefined && line.trim() === "" && !isContinued(lines, index, current)) close();
    else if (until === undefined && bullet.test(line) && !current.some((one) => bullet.test(one))) {
      close();
      current.push(line);
    } else if (until === undefined && endsList(line, current)) {
      close();
      current.push(line);
    } else if (line.trim() !== "" || current.length > 0) current.push(line);
    const opened = until === undefined && codeSigns(line) > 0 ? heredoc.exec(line)?.[2] : undefined;
    if (opened !== undefined && lines.slice(index + 1).some((later) => later.trim() === opened))
      until = opened;
    else if (line.trim() === until) until = undefined;
  }
  close();
  return chunks;
}

/** An empty line within a list: what comes next stands further in, or is another item. */
function isContinued(lines: readonly string[], index: number, current: readonly string[]): boolean {
  const [first = ""] = current;
  if (!bullet.test(first)) return false;
  const next = lines.slice(index + 1).find((line) => line.trim() !== "");
  if (next === undefined) return false;
  const base = indentOf(first);
  return indentOf(next) >= base + 2 || (bullet.test(next) && indentOf(next) >= base && base > 0);
}

/** A line after an indented list that stands no further in than its items. */
function endsList(line: string, current: readonly string[]): boolean {
  const [first = ""] = current;
  if (line.trim() === "") return false;
  return bullet.test(first) && indentOf(first) > 0 && !bullet.test(line) && indentOf(line) <= indentOf(first);
}

export function textBlocks(lines: readonly string[]): TextBlock[] {
  return mergeCode(chunksOf(lines).map(blockOf));
}

function blockOf(chunk: string[]): TextBlock {
  const [first = ""] = chunk;
  const margin = Math.min(...chunk.filter((line) => line.trim() !== "").map(indentOf));
  const lines = chunk.map((line) => line.slice(Math.min(margin, indentOf(line))));
  // YAML has lists of its own; "1." and "•" are nothing but lists.
  if (/^\s*(?:\d|[^-*+\s])/.test(first) ? bullet.test(first) : bullet.test(first) && !isCodeChunk(lines))
    return { type: "list", items: itemsOf(chunk) };
  if (chunk.every((line) => links.test(line.trim()))) {
    return { type: "links", urls: chunk.flatMap((line) => line.match(/https?:\/\/\S+/g) ?? []) };
  }
  if (chunk.length === 1 && picture.test(first.trim())) return { type: "picture", name: first.trim() };
  if (isCodeChunk(lines)) return { type: "code", lines };
  return chunk.length === 1
    ? { type: "line", text: first.trim() }
    : { type: "paragraph", lines: lines.map((one) => one.trim()) };
}

function indentOf(line: string): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

function isCodeChunk(lines: readonly string[]): boolean {
  if (lines.some((line) => codeSigns(line) > 0 && heredoc.test(line))) return true;
  const spoken = lines.filter((line) => line.trim() !== "");
  const comments = spoken.filter(isComment);
  const others = spoken.filter((line) => !isComment(line));
  if (others.length === 0) return comments.length > 0 && !/^#{1,6}\s*$/.test(spoken[0] ?? "");
  const code = others.filter((line) => codeSigns(line) >= 2).length;
  const prose = others.filter((line) => codeSigns(line) === 0).length;
  if (others.length === 1) return code === 1;
  return code > 0 && code + (others.length - prose - code) / 2 >= others.length / 2;
}

/** Two pieces of code with nothing but an empty line between them were one. */
function mergeCode(blocks: TextBlock[]): TextBlock[] {
  const merged: TextBlock[] = [];
  for (const block of blocks) {
    const before = merged.at(-1);
    if (block.type === "code" && before?.type === "code") before.lines.push("", ...block.lines);
    else merged.push(block);
  }
  return merged;
}

function itemsOf(chunk: readonly string[]): ListItem[] {
  const base = indentOf(chunk[0] ?? "");
  const items: { ordered: boolean; lines: string[] }[] = [];
  for (const line of chunk) {
    const mark = bullet.exec(line);
    if (mark && indentOf(line) <= base + 1) {
      items.push({ ordered: /\d/.test(mark[2] ?? ""), lines: [line.slice(mark[0].length)] });
    } else items.at(-1)?.lines.push(line);
  }
  return items.map(({ ordered, lines: [first = "", ...rest] }) => ({
    ordered,
    blocks: [{ type: "line", text: first.trim() }, ...textBlocks(rest)],
  }));
}
