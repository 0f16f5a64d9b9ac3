import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { ArticleNode } from "#common/contracts/runbook.ts";
import { locales } from "#common/text.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { loadRunbooks, type RunbookText } from "./load-runbooks.ts";
import { sections } from "./sections.ts";

const root = path.join(import.meta.dirname, "../../..");
const runbooks = [...(await loadRunbooks(path.join(root, "runbooks"))).values()];
const checkIds = new Set(checks.map((check) => check.id));
const toolIds = new Set(
  readdirSync(path.join(root, "components/tools"))
    .filter((file) => file.endsWith(".tsx"))
    .map((file) => file.replace(/\.tsx$/, "")),
);

function idsOf(nodes: ArticleNode[], name: string): string[] {
  return nodes.flatMap((node) => {
    if (node === null || typeof node !== "object") return [];
    const own = node.name === name ? [String(node.attributes.id ?? node.attributes.src ?? "")] : [];
    return [...own, ...idsOf(node.children, name)];
  });
}

/** Everything but the words: both languages must have it alike. */
function shapeOf({ meta, article, headings }: RunbookText) {
  const { week, number, checks: checkList, tools } = meta;
  const blocks = ["check", "tool", "figure", "command", "step", "since", "table", "code-block"];
  return {
    ...{ week, number, checkList, tools },
    // A source may have its page in the reader's language.
    sources: meta.sources.map((source) => new URL(source.url).host),
    tags: meta.tags.length,
    levels: headings.map((heading) => heading.level),
    // A drawing with words in it has its twin in the other language.
    blocks: blocks.map((name) => [name, idsOf(article, name).map((id) => id.replace(/-zh\.svg$/, ".svg"))]),
  };
}

test("there are runbooks, each with a number of its own", () => {
  const numbers = runbooks.map((runbook) => runbook.texts.en.meta.number);
  expect(runbooks.length).toBeGreaterThan(0);
  expect(new Set(numbers).size).toBe(numbers.length);
});

for (const { slug, texts } of runbooks) {
  test.each(locales)(`${slug}: the sections stand in their order in %s`, (locale) => {
    const { headings } = texts[locale];
    const found = headings.filter((heading) => heading.level === 2);
    expect(found.map((heading) => heading.title)).toEqual(sections.map((section) => section[locale]));
    expect(headings.every((heading) => heading.level === 2 || heading.level === 3)).toBe(true);
  });

  test(`${slug}: both languages say the same things in the same places`, () => {
    expect(shapeOf(texts["zh-CN"])).toEqual(shapeOf(texts.en));
  });

  test(`${slug}: its checks and tools exist, and those in the text are those it names`, () => {
    const { meta, article } = texts.en;
    for (const id of meta.checks) expect(checkIds, id).toContain(id);
    for (const id of meta.tools) expect(toolIds, id).toContain(id);
    expect(new Set(idsOf(article, "check"))).toEqual(new Set(meta.checks));
    expect(new Set(idsOf(article, "tool"))).toEqual(new Set(meta.tools));
  });

  test(`${slug}: the week begins on a Monday`, () => {
    expect(new Date(texts.en.meta.week).getUTCDay()).toBe(1);
  });
}
