import { gfm } from "@joplin/turndown-plugin-gfm";
import Turndown from "turndown";

/** What a page shows around its text. */
const around = [
  "script",
  "style",
  "noscript",
  "nav",
  "header",
  "footer",
  "aside",
  "form",
  "iframe",
  "svg",
  "button",
];

/** A saved page as Markdown: headings, code, lists, links and tables keep what they are. Nothing of it is executed. */
export function htmlToMarkdown(html: string): string {
  const turndown = new Turndown({
    headingStyle: "atx",
    codeBlockStyle: "fenced",
    bulletListMarker: "-",
    emDelimiter: "*",
  });
  turndown.use(gfm);
  turndown.remove((node) => around.includes(node.nodeName.toLowerCase()));
  // Anchors that headings carry for their own address.
  turndown.addRule("self-anchor", {
    filter: (node) => node.nodeName === "A" && (node.textContent ?? "").trim().replace(/[#¶§]/g, "") === "",
    replacement: () => "",
  });
  turndown.addRule("code", {
    filter: (node) => node.nodeName === "PRE",
    replacement: (_, node) => {
      const code = (node.textContent ?? "").replace(/\n$/, "");
      const named = `${attribute(node, "class")} ${attribute(node.firstChild, "class")}`;
      const language = /(?:language|lang|highlight|brush)[-: ]+([\w+-]+)/.exec(named)?.[1] ?? "";
      const fence = "`".repeat(Math.max(2, ...(code.match(/`+/g) ?? []).map((run) => run.length)) + 1);
      return `\n\n${fence}${language}\n${code}\n${fence}\n\n`;
    },
  });
  return turndown.turndown(mainPart(html));
}

function attribute(node: unknown, name: string): string {
  const element = node as { getAttribute?: (name: string) => string | null } | null;
  return element?.getAttribute?.(name) ?? "";
}

/** The one article of the page, if it says which that is. */
function mainPart(html: string): string {
  for (const name of ["article", "main"]) {
    const found = [...html.matchAll(new RegExp(`<${name}[\\s>][\\s\\S]*?</${name}>`, "gi"))];
    if (found.length === 1) return found[0]?.[0] ?? html;
  }
  return html;
}
