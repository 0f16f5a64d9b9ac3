// Notes as Markdown into weeks, and each week into sections, of which some begin an entry.
import { weekOf } from "./week-heading.ts";

export type NotesSection = {
  /** without marks; null: what stands before the first heading of its week */
  title: string | null;
  /** begins an entry; otherwise it belongs to the entry before */
  startsEntry: boolean;
  /** 0: an entry's own heading; 1 and more: sections within one */
  depth: number;
  /** its text without its heading */
  markdown: string;
};
export type NotesWeek = {
  /** Monday, ISO date; null: the notes name no week there */
  week: string | null;
  /** as the notes name it */
  written: string | null;
  sections: NotesSection[];
};

type Heading = { level: number; title: string; week: string | undefined };
type Part = { heading: Heading | undefined; lines: string[] };

export function splitNotes(markdown: string): NotesWeek[] {
  const parts = partsOf(markdown.split("\n"));
  const weekParts = parts.filter((part) => part.heading?.week);
  const weekLevel = Math.min(...weekParts.map(({ heading }) => heading?.level ?? 0));
  const weeks: { heading: Heading | undefined; parts: Part[] }[] = [{ heading: undefined, parts: [] }];
  for (const part of parts) {
    if (part.heading?.week && part.heading.level <= weekLevel) {
      weeks.push({ heading: part.heading, parts: [{ heading: undefined, lines: part.lines }] });
    } else weeks.at(-1)?.parts.push(part);
  }
  const found = weeks.map(({ heading, parts: own }) => ({
    week: heading?.week ?? null,
    written: heading?.title ?? null,
    sections: sectionsOf(own, { whole: weekParts.length === 0 }),
  }));
  // What stands before the first week is the page's own heading; without any week it is all there is.
  const named = found.filter(({ week }) => week !== null);
  return (named.length > 0 ? named : found).filter(({ sections }) => sections.length > 0);
}

function partsOf(lines: readonly string[]): Part[] {
  const parts: Part[] = [{ heading: undefined, lines: [] }];
  let fence: string | undefined;
  for (const [index, line] of lines.entries()) {
    const mark = /^\s*(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence !== undefined) {
      if (mark?.[1]?.startsWith(fence) && mark[2]?.trim() === "") fence = undefined;
    } else if (mark) fence = mark[1];
    const heading = fence === undefined && !mark ? headingOf(line, lines[index + 1]) : undefined;
    if (heading) parts.push({ heading, lines: [] });
    else if (!(fence === undefined && isUnderline(line, lines[index - 1]))) parts.at(-1)?.lines.push(line);
  }
  return parts;
}

/** "## Title", or a title underlined with = or -. */
function headingOf(line: string, next: string | undefined): Heading | undefined {
  const marked = /^(#{1,6})\s+(.+?)\s*#*\s*$/.exec(line);
  const title = marked?.[2] ?? (isUnderline(next ?? "", line) ? line.trim() : undefined);
  if (title === undefined) return undefined;
  const level = marked?.[1]?.length ?? (next?.startsWith("=") ? 1 : 2);
  const bare = bareTitle(title);
  return { level, title: bare, week: weekOf(bare, { heading: true }) };
}

function isUnderline(line: string, before: string | undefined): boolean {
  return /^(?:={3,}|-{3,})\s*$/.test(line) && before !== undefined && /^[^\s#>|`~-]/.test(before);
}

/** A title as text: links, emphasis, code marks and escapes are taken off. */
function bareTitle(title: string): string {
  return title
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|`)(.+?)\1/g, "$2")
    .replace(/\\([\\`*_[\]<>#])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** `whole`: a document without weeks, which may begin with a title of its own. */
function sectionsOf(parts: readonly Part[], { whole }: { whole: boolean }): NotesSection[] {
  const levels = parts.flatMap(({ heading }) => heading?.level ?? []);
  const top = Math.min(...levels);
  const below = levels.filter((level) => level > top);
  const hasPageTitle =
    whole &&
    levels[0] === top &&
    levels.length === below.length + 1 &&
    below.length > 1 &&
    isWithoutText(parts, top);
  const entryLevel = levels.length === 0 ? 1 : hasPageTitle ? Math.min(...below) : top;
  return parts
    .map(({ heading, lines }) => ({
      title: heading?.title ?? null,
      startsEntry: heading ? heading.level <= entryLevel : false,
      depth: Math.max(0, (heading?.level ?? entryLevel) - entryLevel),
      markdown: lines.join("\n").trim(),
    }))
    .filter(({ title, markdown }) => title !== null || markdown !== "")
    .map((section, index) => (index === 0 ? { ...section, startsEntry: true } : section));
}

function isWithoutText(parts: readonly Part[], level: number): boolean {
  const part = parts.find(({ heading }) => heading?.level === level);
  return part?.lines.every((line) => line.trim() === "") ?? false;
}
