import { expect, test } from "vitest";
import type { ArticleNode, CodeToken } from "#common/contracts/runbook.ts";
import { plainCode, withColours } from "./highlight.ts";
import { readArticle } from "./markdoc.ts";

const source =
  "{% step %}\n```bash\nss -ltn # listeners\necho done\n```\n\n```text\nas it is\n```\n{% /step %}\n";

function linesOf(nodes: readonly ArticleNode[]): CodeToken[][] {
  return nodes.flatMap((node) => {
    if (node === null || typeof node !== "object") return [];
    return node.name === "code-block" ? (node.attributes.lines as CodeToken[][]) : linesOf(node.children);
  });
}
const textOf = (lines: CodeToken[][]) => lines.map((line) => line.map(([text]) => text).join(""));

test("code read without kinds gets them later, wherever it stands, and no letter changes", async () => {
  const { article } = readArticle(source, plainCode);
  const plain = linesOf(article);
  expect(plain.flat().every(([, kind]) => kind === null)).toBe(true);
  const coloured = linesOf(await withColours(article));
  expect(textOf(coloured)).toEqual(["ss -ltn # listeners", "echo done", "as it is"]);
  expect(textOf(coloured)).toEqual(textOf(plain));
  expect(coloured[0]).toContainEqual([" # listeners".trim(), "comment"]);
  expect(coloured[2]).toEqual([["as it is", null]]);
});

test("an article is gone through once", () => {
  const { article } = readArticle(source, plainCode);
  expect(withColours(article)).toBe(withColours(article));
});
