import Markdoc, { type Config, type Node, type RenderableTreeNode, type Schema } from "@markdoc/markdoc";
import type { ArticleNode } from "#common/contracts/runbook.ts";
import { type Highlight, isKnownLanguage } from "./highlight.ts";
import { sectionId } from "./sections.ts";

// Node finds no names in this CommonJS module, only its default.
const { Tag } = Markdoc;

type Heading = { id: string; title: string; level: number };
export type Article = { article: ArticleNode[]; headings: Heading[]; plainText: string };

/** What is wrong with a text, by line and column from 1. */
type ArticleProblem = { line: number; column: number; message: string };
export type Draft = Article & {
  problems: ArticleProblem[];
  /** the checks and tools that the text speaks of, with where it does */
  references: { kind: "check" | "tool"; id: string; line: number; column: number }[];
};

/** Fenced blocks that hold a check: which one stands at a line (from 0), if any. */
export type WrittenChecks = { idAt: (line: number) => string | undefined };

/** Where a text is wrong, for its author. */
class ArticleError extends Error {
  constructor(problems: ArticleProblem[]) {
    super(problems.map(({ line, message }) => `line ${line}: ${message}`).join("; "));
    this.name = "ArticleError";
  }
}

/** The YAML before the text, unparsed. */
export function readFrontMatter(source: string): string {
  const { frontmatter } = Markdoc.parse(source).attributes;
  return typeof frontmatter === "string" ? frontmatter : "";
}

/** Markdoc to a tree of plain data, for a text that has to be right. */
export function readArticle(source: string, highlight: Highlight): Article {
  const { problems, references: _, ...article } = readDraft(source, highlight);
  if (problems.length > 0) throw new ArticleError(problems);
  return article;
}

/** The same of a text that is being written. Only what is listed here can come out; HTML in the text stays text. */
export function readDraft(source: string, highlight: Highlight, written?: WrittenChecks): Draft {
  const headings: Heading[] = [];
  let steps = 0;
  const config: Config = {
    nodes: {
      heading: headingSchema(headings),
      fence: fenceSchema(highlight, written),
      link: linkSchema,
      image: { validate: () => [refusal("Images are written as figures.")] },
    },
    tags: {
      check: reference("check"),
      tool: reference("tool"),
      command: { render: "command" },
      figure: {
        render: "figure",
        selfClosing: true,
        attributes: {
          src: { type: String, required: true, matches: /^\/figures\/[a-z0-9-]+\.svg$/ },
          alt: { type: String, required: true },
          caption: { type: String },
        },
      },
      since: { render: "since", attributes: { version: { type: String, required: true } } },
      step: {
        transform: (node, current) => {
          steps += 1;
          return new Tag("step", { number: steps }, node.transformChildren(current));
        },
      },
    },
  };
  const ast = Markdoc.parse(source);
  const problems = Markdoc.validate(ast, config)
    .filter((each) => /error|critical/.test(each.error.level))
    .map(({ lines, location, error }) => ({
      line: (location?.start.line ?? lines[0] ?? 0) + 1,
      column: (location?.start.character ?? 0) + 1,
      message: error.message,
    }));
  const root = Markdoc.transform(ast, config);
  const article = (Tag.isTag(root) ? root.children : [root]).map(toArticleNode);
  const plainText = article.map(textOf).join("\n");
  return { article, headings, plainText, problems, references: referencesIn(ast) };
}

/** Where fenced blocks of a language begin and end: lines from 0, the fences included. */
export function findFences(source: string, language: string): { line: number; end: number }[] {
  const found: { line: number; end: number }[] = [];
  for (const node of Markdoc.parse(source).walk()) {
    if (node.type !== "fence" || languageOf(node) !== language) continue;
    const line = node.lines[0] ?? 0;
    found.push({ line, end: node.lines[1] ?? line + 1 });
  }
  return found;
}

function referencesIn(ast: Node): Draft["references"] {
  const references: Draft["references"] = [];
  for (const node of ast.walk()) {
    if (node.type !== "tag" || (node.tag !== "check" && node.tag !== "tool")) continue;
    const { start } = node.location ?? {};
    const place = { line: (start?.line ?? node.lines[0] ?? 0) + 1, column: (start?.character ?? 0) + 1 };
    references.push({ kind: node.tag, id: String(node.attributes.id), ...place });
  }
  return references;
}

function headingSchema(headings: Heading[]): Schema {
  return {
    attributes: { level: { type: Number, required: true } },
    transform: (node, config) => {
      const children = node.transformChildren(config);
      const title = children.map((child) => textOf(toArticleNode(child))).join("");
      const level = Number(node.attributes.level);
      const stem = sectionId(title) ?? anchorOf(title);
      const twins = headings.filter((heading) => heading.id.replace(/-\d+$/, "") === stem).length;
      const id = twins === 0 ? stem : `${stem}-${twins + 1}`;
      headings.push({ id, title, level });
      return new Tag(`h${level}`, { id }, children);
    },
  };
}

function fenceSchema(highlight: Highlight, written: WrittenChecks | undefined): Schema {
  const isCheck = (node: Node) => written !== undefined && languageOf(node) === "check";
  return {
    // process=false: what looks like a tag in the code is code
    attributes: { content: { type: String }, language: { type: String }, process: { type: Boolean } },
    validate: (node) =>
      isCheck(node) || isKnownLanguage(languageOf(node))
        ? []
        : [refusal(`No language "${languageOf(node)}" for code.`)],
    transform: (node) => {
      const id = isCheck(node) ? written?.idAt(node.lines[0] ?? 0) : undefined;
      if (id !== undefined) return new Tag("check", { id });
      const text = String(node.attributes.content).replace(/\n$/, "");
      const language = languageOf(node);
      return new Tag("code-block", { language, text, lines: highlight(text, language) });
    },
  };
}

const linkSchema: Schema = {
  render: "a",
  attributes: {
    href: { type: String, required: true, matches: /^(https?:\/\/|\/(?!\/)|#)/ },
    title: { type: String },
  },
};

function reference(name: string): Schema {
  return { render: name, selfClosing: true, attributes: { id: { type: String, required: true } } };
}

function refusal(message: string) {
  return { id: "refused", level: "error", message } as const;
}

function languageOf(node: Node): string {
  return String(node.attributes.language ?? "text");
}

/** Letters and digits of any script, so that a Chinese heading has an anchor too. */
function anchorOf(title: string): string {
  return (title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["section"]).join("-");
}

function toArticleNode(node: RenderableTreeNode): ArticleNode {
  if (Tag.isTag(node)) {
    const { name, attributes, children } = node;
    return { name, attributes, children: children.map(toArticleNode) };
  }
  return typeof node === "string" || typeof node === "number" ? node : null;
}

function textOf(node: ArticleNode): string {
  if (node === null) return "";
  if (typeof node !== "object") return String(node);
  const own = node.name === "code-block" ? String(node.attributes.text) : "";
  return own + node.children.map(textOf).join(node.name === "p" ? "" : " ");
}
