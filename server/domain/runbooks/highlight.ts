import { createCssVariablesTheme, createHighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import type { ArticleNode, CodeToken } from "#common/contracts/runbook.ts";

/** What runbooks may name after ```; everything else is an error in the text. */
const plainLanguages = ["text", "output"] as const;
const grammars = {
  bash: () => import("shiki/langs/bash.mjs"),
  c: () => import("shiki/langs/c.mjs"),
  console: () => import("shiki/langs/shellsession.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  dockerfile: () => import("shiki/langs/docker.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  ini: () => import("shiki/langs/ini.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  nginx: () => import("shiki/langs/nginx.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};
const aliases: Record<string, string> = { sh: "bash", shell: "bash", yml: "yaml", py: "python" };
const variablePrefix = "--code-";
const kindPattern = /^var\(--code-token-([a-z-]+)\)$/;

export type Highlight = (text: string, language: string) => CodeToken[][];

/** Code as it is, without a kind for any of it. */
export const plainCode: Highlight = (text) => text.split("\n").map((line) => [[line, null]]);

const coloured = new WeakMap<readonly ArticleNode[], Promise<ArticleNode[]>>();

/**
 * An article whose code was read with `plainCode`, with the kinds of its tokens. Done when somebody reads it, since the
 * library is loaded far more often than all of its texts are read; kept as long as the article is.
 */
export function withColours(article: ArticleNode[]): Promise<ArticleNode[]> {
  const known = coloured.get(article);
  if (known) return known;
  const made = loadHighlight().then((highlight) => article.map((node) => colour(node, highlight)));
  coloured.set(article, made);
  made.catch(() => coloured.delete(article));
  return made;
}

function colour(node: ArticleNode, highlight: Highlight): ArticleNode {
  if (node === null || typeof node !== "object") return node;
  const children = node.children.map((child) => colour(child, highlight));
  if (node.name !== "code-block") return { ...node, children };
  const { text, language } = node.attributes;
  return {
    ...node,
    children,
    attributes: { ...node.attributes, lines: highlight(String(text), String(language)) },
  };
}

export function isKnownLanguage(language: string): boolean {
  return Object.hasOwn(grammars, nameOf(language)) || isPlain(language);
}

let ready: Promise<Highlight> | undefined;

/** A highlighter that gives tokens as data: the page decides on colours, and no HTML is ever passed along. */
export function loadHighlight(): Promise<Highlight> {
  ready ??= createHighlight();
  return ready;
}

async function createHighlight(): Promise<Highlight> {
  const theme = createCssVariablesTheme({ name: "kinds", variablePrefix, fontStyle: false });
  const shiki = await createHighlighterCore({
    themes: [theme],
    langs: Object.values(grammars).map((load) => load()),
    engine: createJavaScriptRegexEngine(),
  });
  return (text, language) => {
    if (!isKnownLanguage(language) || isPlain(language)) return plainCode(text, language);
    const lang = nameOf(language) === "console" ? "shellsession" : nameOf(language);
    const lines = shiki.codeToTokensBase(text, { lang, theme: "kinds" });
    return lines.map((line) =>
      line.map((token) => [token.content, kindPattern.exec(token.color ?? "")?.[1] ?? null] as const),
    );
  };
}

function nameOf(language: string): string {
  return aliases[language] ?? language;
}

function isPlain(language: string): boolean {
  return (plainLanguages as readonly string[]).includes(language);
}
