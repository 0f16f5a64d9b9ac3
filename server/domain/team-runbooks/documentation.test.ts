import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { snippets } from "#components/editor/snippets.ts";
import { readText } from "./read-text.ts";

const options = {
  ...{ slug: "documented", week: "2026-11-16", versionOf: () => 1 },
  known: { checkIds: new Set<string>(), toolIds: new Set<string>() },
  publicDirectory: "public",
};
const document = await readFile(path.join(import.meta.dirname, "../../../docs/team-checks.md"), "utf8");
const examples = [...document.matchAll(/^```check\n[\s\S]*?^```$/gm)].map(([block]) => block);
const text = /^```markdown\n([\s\S]*?)^```$/m.exec(document)?.[1] ?? "";

test("the documentation has an example of each kind", () => {
  for (const kind of Object.keys(snippets)) {
    expect(
      examples.some((block) => block.includes(`\n${kind}:`)),
      kind,
    ).toBe(true);
  }
});

test("its text with all of its examples is sound", async () => {
  const { problems, checks, meta } = await readText(`${text}\n${examples.join("\n\n")}\n`, options);
  expect(problems).toEqual([]);
  expect(checks).toHaveLength(examples.length);
  expect(meta?.checks).toHaveLength(examples.length);
});

test.each(Object.entries(snippets))(
  "what the editor inserts for %s lacks nothing but words",
  async (_, snippet) => {
    const front = "---\ntitle: A\nsummary: B\n---\n\n";
    const blank = await readText(front + snippet, options);
    expect(new Set(blank.problems.map(({ code }) => code))).toEqual(new Set(["not-text"]));
    const filled = await readText(front + snippet.replaceAll('""', '"words"'), options);
    expect(filled.problems).toEqual([]);
  },
);
