import type { RunbookMeta } from "#common/contracts/runbook.ts";
import { maxChecksPerRunbook, maxRunbookBytes, type Problem } from "#common/contracts/team-runbook.ts";
import type { Check } from "#server/checks/define-check.ts";
import { Problems } from "#server/checks/written/problems.ts";
import { readCheck } from "#server/checks/written/read-check.ts";
import type { CheckSpec } from "#server/checks/written/spec.ts";
import { hashOf, toCheck } from "#server/checks/written/to-check.ts";
import { hasHiddenCharacters } from "#server/connectors/kubernetes/strict-yaml.ts";
import { withFigures } from "../runbooks/figures.ts";
import { loadHighlight } from "../runbooks/highlight.ts";
import { type Article, type Draft, findFences, readDraft } from "../runbooks/markdoc.ts";
import { readFrontMatter } from "./read-front-matter.ts";

export type WrittenCheck = { spec: CheckSpec; hash: string; check: Check };
export type ReadText = {
  problems: Problem[];
  meta: Omit<RunbookMeta, "number"> | undefined;
  article: Article;
  checks: WrittenCheck[];
};

/** What a text may speak of beside its own checks. */
export type Known = { checkIds: ReadonlySet<string>; toolIds: ReadonlySet<string> };

type Options = {
  /** of the runbook: part of its checks' ids */
  slug: string;
  /** Monday of the week it belongs to where the text does not say */
  week: string;
  known: Known;
  /** which version of the runbook a check has been the same since */
  versionOf: (spec: CheckSpec, hash: string) => number;
  publicDirectory: string;
};

/** A team's text as a runbook with checks, and everything that is wrong with it. Never throws because of the text. */
export async function readText(written: string, options: Options): Promise<ReadText> {
  const text = written.replace(/\r\n?/g, "\n");
  const problems = new Problems(text);
  const nothing = { article: [], headings: [], plainText: "" };
  if (isRefused(text, problems)) {
    return { problems: problems.inOrder(), meta: undefined, article: nothing, checks: [] };
  }
  const front = readFrontMatter(text, problems);
  const blocks = readBlocks(text, problems);
  const checks = blocks.flatMap(({ spec }) => toWritten(spec, options) ?? []);
  const idAt = (line: number) => {
    const spec = blocks.find((block) => block.line === line)?.spec;
    return `team/${options.slug}/${spec?.id ?? `line-${line + 1}`}`;
  };
  const { references, problems: found, ...article } = readDraft(text, await loadHighlight(), { idAt });
  noteArticle(problems, { references, found, headings: article.headings }, options.known);
  const drawn = await draw(article, problems, options.publicDirectory);
  const own = checks.map(({ check }) => check.id);
  const named = (kind: string) => references.flatMap((each) => (each.kind === kind ? each.id : []));
  const meta = front && {
    ...{ ...front, week: front.week ?? options.week },
    checks: [...new Set([...named("check"), ...own])],
    tools: [...new Set(named("tool"))],
  };
  return { problems: problems.inOrder(), meta, article: drawn, checks };
}

function isRefused(text: string, problems: Problems): boolean {
  if (Buffer.byteLength(text) > maxRunbookBytes) problems.add(0, "text-too-large", { most: maxRunbookBytes });
  const hiddenAt = [
    ...text.matchAll(/[^\n\t -~\u00a0-\uffff]|[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f]/g),
  ];
  const hidden = hiddenAt.find(([sign]) => hasHiddenCharacters(sign));
  if (hidden) problems.add(hidden.index, "text-hidden-characters");
  return problems.count > 0;
}

type ReadBlock = { line: number; spec: CheckSpec | undefined };

function readBlocks(text: string, problems: Problems): ReadBlock[] {
  const lines = text.split("\n");
  const fences = findFences(text, "check");
  const most = maxChecksPerRunbook;
  if (fences[most]) problems.add(problems.lineStart(fences[most].line), "too-many-checks", { most });
  const seen = new Set<string>();
  return fences.slice(0, most).map(({ line, end }) => {
    const at = problems.lineStart(line);
    const fence = /^(`{3,}|~{3,})check\s*$/.exec(lines[line] ?? "")?.[1];
    if (!fence) {
      problems.add(at, "indented-check");
      return { line, spec: undefined };
    }
    const closed = (lines[end - 1] ?? "").startsWith(fence) && end - 1 > line;
    const start = problems.lineStart(line + 1);
    const body = lines.slice(line + 1, closed ? end - 1 : end).join("\n");
    const spec = readCheck({ text: body, start }, problems);
    if (!spec) return { line, spec };
    if (seen.has(spec.id)) problems.add(start, "id-twice", { id: spec.id });
    const first = !seen.has(spec.id);
    seen.add(spec.id);
    return { line, spec: first ? spec : undefined };
  });
}

function toWritten(spec: CheckSpec | undefined, { slug, versionOf }: Options): WrittenCheck | undefined {
  if (!spec) return undefined;
  const hash = hashOf(spec);
  const check = toCheck(spec, { id: `team/${slug}/${spec.id}`, version: versionOf(spec, hash) });
  return { spec, hash, check };
}

function noteArticle(
  problems: Problems,
  article: { references: Draft["references"]; found: Draft["problems"]; headings: Article["headings"] },
  known: Known,
): void {
  const offsetOf = ({ line, column }: { line: number; column: number }) =>
    problems.lineStart(line - 1) + column - 1;
  for (const { message, ...place } of article.found) {
    problems.add(offsetOf(place), "article", { detail: message });
  }
  for (const { kind, id, ...place } of article.references) {
    const ids = kind === "check" ? known.checkIds : known.toolIds;
    if (!ids.has(id))
      problems.add(offsetOf(place), kind === "check" ? "check-unknown" : "tool-unknown", { id });
  }
}

/** A figure that does not exist is a problem of the text, not of the page. */
async function draw(article: Article, problems: Problems, publicDirectory: string): Promise<Article> {
  try {
    return { ...article, article: await withFigures(article.article, publicDirectory) };
  } catch {
    problems.add(0, "article", { detail: "A figure does not exist." });
    return article;
  }
}
