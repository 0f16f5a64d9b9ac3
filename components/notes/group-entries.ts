import type { NotesView } from "#common/contracts/notes.ts";

export type Section = NotesView["weeks"][number]["sections"][number];
export type Week = NotesView["weeks"][number];

/** What a person changed of what was recognised; places are "week.section", from 0. */
export type Edits = {
  /** begins an entry of its own, or belongs to the one before */
  starts: Readonly<Record<string, boolean>>;
  titles: Readonly<Record<string, string>>;
  chosen: Readonly<Record<string, boolean>>;
};
export const noEdits: Edits = { starts: {}, titles: {}, chosen: {} };

export type Entry = {
  /** of its first section */
  place: string;
  week: string | null;
  title: string;
  sections: { place: string; section: Section }[];
  known: boolean;
  chosen: boolean;
};

const longestTitle = 200;

/** The entries of a week: sections in their order, a new entry where one begins. What is there already is not chosen. */
export function entriesOf(
  week: Week,
  index: number,
  { edits, known }: { edits: Edits; known: ReadonlySet<string> },
): Entry[] {
  const entries: Entry[] = [];
  for (const [at, section] of week.sections.entries()) {
    const place = `${index}.${at}`;
    const starts = at === 0 || (edits.starts[place] ?? section.startsEntry);
    const last = entries.at(-1);
    if (!starts && last) {
      last.sections.push({ place, section });
      continue;
    }
    const title = edits.titles[place] ?? (section.title ?? week.written ?? "").slice(0, longestTitle);
    const isKnown = known.has(title);
    entries.push({
      ...{ place, week: week.week, title, sections: [{ place, section }], known: isKnown },
      chosen: edits.chosen[place] ?? !isKnown,
    });
  }
  return entries;
}

/** What an entry holds, for a person to compare with the document. */
export function contentOf({ sections }: Entry): { sections: number; code: number; links: number } {
  const text = sections.map(({ section }) => section.markdown).join("\n");
  const fences = text.match(/^\s*(?:```|~~~)/gm)?.length ?? 0;
  const links = text.match(/<https?:\/\/|\]\(https?:\/\/|(?<![<(])\bhttps?:\/\//g)?.length ?? 0;
  return { sections: sections.length - 1, code: Math.floor(fences / 2), links };
}
