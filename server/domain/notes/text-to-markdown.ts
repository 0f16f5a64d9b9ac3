// Notes copied from a page as plain text, as Markdown: weeks are headings of level 1, entries of 2, sections of 3.
import { codeLanguage } from "./code-language.ts";
import { commonTopics, type LineRole, lineRoles } from "./entry-starts.ts";
import { type TextBlock, textBlocks } from "./text-blocks.ts";
import { weekOf } from "./week-heading.ts";

/** Never throws: what is not recognised stays a paragraph. */
export function textToMarkdown(text: string): string {
  const weeks = byWeek(withoutFooter(text.split("\n")));
  const parsed = weeks.map(({ heading, lines }) => ({
    heading,
    blocks: heading === undefined ? textBlocks(lines) : withTitle(lines),
  }));
  const lone = parsed.map(({ blocks }) =>
    blocks.flatMap((block) => (block.type === "line" ? block.text : [])),
  );
  const common = commonTopics(lone);
  return parsed
    .map(({ heading, blocks }) => {
      const roles = heading === undefined ? new Map<number, LineRole>() : lineRoles(blocks, common);
      const body = blocks
        .map((block, index) => written(block, roles.get(index)))
        .filter((part) => part !== "");
      return [...(heading === undefined ? [] : [`# ${heading}`]), ...body].join("\n\n");
    })
    .filter((part) => part !== "")
    .join("\n\n");
}

const footer = /^(?:comments?|content|share|评论|目录|分享|原文地址.*|上一篇.*|下一篇.*|)$/i;

/** What a page shows below its text. */
function withoutFooter(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => !footer.test(line.trim()));
  return lines.slice(0, last + 1);
}

/** What stands before the first week has no heading. */
function byWeek(lines: readonly string[]): { heading: string | undefined; lines: string[] }[] {
  const weeks: { heading: string | undefined; lines: string[] }[] = [{ heading: undefined, lines: [] }];
  for (const line of lines) {
    if (weekOf(line, { heading: false })) weeks.push({ heading: line.trim(), lines: [] });
    else weeks.at(-1)?.lines.push(line);
  }
  return weeks;
}

/** A line alone at the beginning of a week is the title of its first entry, however much it looks like a command. */
function withTitle(lines: readonly string[]): TextBlock[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  const title = lines[first] ?? "";
  if (first === -1 || (lines[first + 1] ?? "").trim() !== "" || /^\s/.test(title)) return textBlocks(lines);
  return [{ type: "line", text: title.trim() }, ...textBlocks(lines.slice(first + 1))];
}

const headingMarks: Record<LineRole, string> = { entry: "## ", section: "### ", paragraph: "" };

function written(block: TextBlock, role: LineRole = "paragraph"): string {
  switch (block.type) {
    case "line":
      return /^#+$/.test(block.text) ? "" : `${headingMarks[role]}${prose(block.text)}`;
    case "paragraph":
      return block.lines.map(prose).join("\\\n");
    case "links":
      return block.urls.map((url) => `- <${url}>`).join("\n");
    case "picture":
      return `*[${block.name}]*`;
    case "code":
      return fenced(block.lines);
    case "list":
      return listed(block.items);
  }
}

function fenced(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${codeLanguage(lines)}`, ...lines, fence].join("\n");
}

function listed(items: Extract<TextBlock, { type: "list" }>["items"]): string {
  const loose = items.some(({ blocks }) => blocks.slice(1).some(({ type }) => type !== "list"));
  const texts = items.map(({ ordered, blocks }, index) => {
    const mark = ordered ? `${index + 1}. ` : "- ";
    const body = blocks.map((block) => written(block)).filter((part) => part !== "");
    const text = body.join(loose ? "\n\n" : "\n");
    return (
      mark +
      text
        .split("\n")
        .join(`\n${" ".repeat(mark.length)}`)
        .replace(/\n\s+(?=\n)/g, "\n")
    );
  });
  return texts.join(loose ? "\n\n" : "\n");
}

/** Text that was shown as it is must not become marks: `_`, `*` and `<` are escaped, addresses become links. */
function prose(text: string): string {
  return text
    .split(/(https?:\/\/[^\s，。；）)]+)/)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : part.replace(/[\\`*_[\]<>#]/g, "\\$&")))
    .join("");
}
