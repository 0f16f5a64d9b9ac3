import type { NotesFormat } from "#common/contracts/notes.ts";
import { htmlToMarkdown } from "./html-to-markdown.ts";
import { type NotesWeek, splitNotes } from "./split-notes.ts";
import { textToMarkdown } from "./text-to-markdown.ts";
import { weekOf } from "./week-heading.ts";

export type Notes = { format: NotesFormat; weeks: NotesWeek[] };

/** A notes document of any of the three formats into its weeks and entries. Never throws because of what it holds. */
export function readNotes({ text, format }: { text: string; format?: NotesFormat }): Notes {
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const found = format ?? formatOf(plain);
  const markdown = { html: htmlToMarkdown, text: textToMarkdown, markdown: (same: string) => same }[found](
    plain,
  );
  return { format: found, weeks: splitNotes(markdown) };
}

/** Markdown shows itself by marked headings or fences; a shell comment in plain text ("# check it") is none. */
export function formatOf(text: string): NotesFormat {
  if (/<(?:!doctype html|html|body|article|h[1-6]|p|pre)\b[^>]*>/i.test(text)) return "html";
  const lines = text.split("\n");
  const fences = lines.filter((line) => /^\s*(?:```|~~~)/.test(line)).length;
  const headings = lines.filter((line) => /^#{1,6}\s+\S/.test(line));
  const markedWeeks = headings.some((line) => weekOf(line.replace(/^#+\s+/, ""), { heading: true }));
  const bareWeeks = lines.some((line) => weekOf(line, { heading: false }));
  if (markedWeeks) return "markdown";
  if (bareWeeks) return "text";
  return headings.length > 0 || fences > 1 ? "markdown" : "text";
}
