import { stringify } from "yaml";
import type { z } from "zod";
import type { importNotesSchema } from "#common/contracts/notes.ts";
import { safeMarkdown } from "./safe-markdown.ts";

type Entry = z.output<typeof importNotesSchema>["entries"][number];

const longestSummary = 200;
const mostSources = 50;

/** The text of a runbook that an entry of notes becomes: front matter, then its sections in their order. */
export function composeDraft({ week, title, sections }: Entry): string {
  const body = sections.map((section, index) => {
    const text = safeMarkdown(section.markdown);
    const heading =
      index === 0 ? "" : `${"#".repeat(Math.min(6, Math.max(2, section.depth + 1)))} ${section.title ?? ""}`;
    return [heading, text].filter((part) => part.trim() !== "").join("\n\n");
  });
  const text = body.filter((part) => part !== "").join("\n\n");
  const front = {
    title,
    summary: summaryOf(text) ?? title,
    ...(week === null ? {} : { week }),
    tags: [],
    sources: sourcesOf(text),
  };
  return `---\n${stringify(front, { lineWidth: 0 })}---\n\n${text}\n`;
}

/** The first line of prose, as text. */
function summaryOf(text: string): string | undefined {
  let inFence = false;
  for (const line of text.split("\n")) {
    if (/^\s*(?:```|~~~)/.test(line)) inFence = !inFence;
    else if (!inFence && /^\s*[\p{L}\p{N}"“'`*(]/u.test(line) && !/^\s*\d+[.)]\s/.test(line)) {
      const bare = line
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replace(/\\([\\`*_[\]<>#{])/g, "$1")
        .replace(/[*`]|\\$/g, "")
        .trim();
      if (bare !== "") return bare.length > longestSummary ? `${bare.slice(0, longestSummary - 1)}…` : bare;
    }
  }
  return undefined;
}

/** Addresses that stand alone in a line are what the notes refer to. */
function sourcesOf(text: string): { title: string; url: string }[] {
  const urls = [...text.matchAll(/^\s*(?:[-*]\s+)?<?(https?:\/\/[^\s<>]{1,2000})>?\s*$/gm)].flatMap(
    ([, url]) => url ?? [],
  );
  return [...new Set(urls)]
    .filter((url) => URL.canParse(url))
    .slice(0, mostSources)
    .map((url) => {
      const { host, pathname } = new URL(url);
      return { title: `${host}${pathname}`.replace(/\/$/, "").slice(0, 200), url };
    });
}
