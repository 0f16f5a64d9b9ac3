// Markdown of other people as the text of a runbook: what runbooks do not know becomes what says the same.
import { hasHiddenCharacters } from "#server/connectors/kubernetes/strict-yaml.ts";
import { isKnownLanguage } from "../runbooks/highlight.ts";

const fenceMark = /^(\s*)(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$/;
const languages: Record<string, string> = {
  golang: "go",
  shellsession: "console",
  zsh: "bash",
  docker: "dockerfile",
  mysql: "sql",
  jsonc: "json",
  conf: "ini",
  toml: "ini",
  plaintext: "text",
};

/**
 * Pictures become links or their names, addresses within another site become text, code of an unknown language becomes
 * text, `{%` stays what it is, and characters that cannot be seen are taken out.
 */
export function safeMarkdown(markdown: string): string {
  const lines = [...markdown]
    .filter((sign) => sign === "\n" || sign === "\t" || !hasHiddenCharacters(sign))
    .join("");
  const written: string[] = [];
  let fence: string | undefined;
  for (const line of withFences(lines.split("\n"))) {
    const mark = fenceMark.exec(line);
    if (fence !== undefined) {
      if (mark?.[2]?.startsWith(fence) && !mark[3]) fence = undefined;
      written.push(line);
    } else if (mark) {
      fence = mark[2];
      written.push(`${mark[1]}${mark[2]}${languageOf(mark[3] ?? "")}`);
    } else written.push(safeProse(line));
  }
  if (fence !== undefined) written.push(fence);
  return withoutTagsInCode(written).join("\n").trim();
}

function languageOf(written: string): string {
  const name = written.toLowerCase();
  if (name === "" || name === "check") return name;
  const known = languages[name] ?? name;
  return isKnownLanguage(known) ? known : "text";
}

/** Code that is marked by four spaces alone, after an empty line, is put between fences. */
function withFences(lines: readonly string[]): string[] {
  const written: string[] = [];
  let inFence = false;
  let inList = false;
  let open = false;
  for (const [index, line] of lines.entries()) {
    if (fenceMark.test(line) && !open) inFence = !inFence;
    if (!inFence && /^\S/.test(line)) inList = /^(?:[-*+]|\d+[.)])\s/.test(line);
    const isCode = !inFence && !inList && /^(?: {4}|\t)/.test(line);
    if (isCode && !open && (lines[index - 1] ?? "").trim() === "") {
      written.push("```text");
      open = true;
    }
    if (open && !isCode && line.trim() !== "") {
      while (written.at(-1)?.trim() === "") written.pop();
      written.push("```", "");
      open = false;
    }
    written.push(open && isCode ? line.replace(/^(?: {4}|\t)/, "") : line);
  }
  if (open) written.push("```");
  return written;
}

function safeProse(line: string): string {
  return line
    .replace(/!\[([^\]]*)\]\((\S+?)(?:\s+"[^"]*")?\)/g, (_, alt: string, url: string) =>
      /^https?:\/\//.test(url) ? `[${alt || "image"}](${url})` : `*[${alt || url}]*`,
    )
    .replace(/(?<!!)\[([^\]]+)\]\((?!https?:\/\/|\/(?!\/)|#)[^)\s]*(?:\s+"[^"]*")?\)/g, "$1")
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/(?<!\\)\{%/g, "\\{%");
}

/** Templates in code would be read as tags. */
function withoutTagsInCode(lines: readonly string[]): string[] {
  let start: number | undefined;
  const written = [...lines];
  for (const [index, line] of lines.entries()) {
    if (!fenceMark.test(line)) continue;
    if (start === undefined) start = index;
    else {
      if (lines.slice(start, index).some((one) => one.includes("{%")))
        written[start] += " {% process=false %}";
      start = undefined;
    }
  }
  return written;
}
