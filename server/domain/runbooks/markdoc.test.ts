import { expect, test } from "vitest";
import type { ArticleNode } from "#common/contracts/runbook.ts";
import { loadHighlight } from "./highlight.ts";
import { readArticle } from "./markdoc.ts";

const highlight = await loadHighlight();
const read = (source: string) => readArticle(source, highlight);

function find(nodes: ArticleNode[], name: string): Exclude<ArticleNode, string | number | null>[] {
  return nodes.flatMap((node) => {
    if (node === null || typeof node !== "object") return [];
    return [...(node.name === name ? [node] : []), ...find(node.children, name)];
  });
}

test("sections have the same anchor in both languages; other headings one of their own", () => {
  const { headings } = read("## Why\n\n### Kernel side\n\n### Kernel side\n");
  expect(headings).toEqual([
    { id: "why", title: "Why", level: 2 },
    { id: "kernel-side", title: "Kernel side", level: 3 },
    { id: "kernel-side-2", title: "Kernel side", level: 3 },
  ]);
  expect(read("## 为什么\n\n### 内核 `tcp` 一侧").headings.map((heading) => heading.id)).toEqual([
    "why",
    "内核-tcp-一侧",
  ]);
});

test("tags become nodes by their name, steps are numbered through", () => {
  const { article } = read(
    [
      '{% check id="kubernetes/x" /%}',
      '{% tool id="accept-queue" /%}',
      "{% command %}\n```bash\nss -ltn\n```\n{% /command %}",
      '{% figure src="/figures/queue.svg" alt="A queue" caption="How it fills" /%}',
      '{% since version="1.30" %}\nIt changed.\n{% /since %}',
      "{% step %}\nOne.\n{% /step %}\n\n{% step %}\nTwo.\n{% /step %}",
    ].join("\n\n"),
  );
  expect(find(article, "check")[0]?.attributes).toEqual({ id: "kubernetes/x" });
  expect(find(article, "tool")[0]?.attributes).toEqual({ id: "accept-queue" });
  expect(find(find(article, "command"), "code-block")[0]?.attributes).toMatchObject({ text: "ss -ltn" });
  expect(find(article, "figure")[0]?.attributes).toMatchObject({ alt: "A queue" });
  expect(find(article, "since")[0]?.attributes).toEqual({ version: "1.30" });
  expect(find(article, "step").map((step) => step.attributes.number)).toEqual([1, 2]);
});

test("code comes as tokens with their kind, whose texts make up the code again", () => {
  const code = 'kubectl get pods -n "web" # all\nif true; then echo; fi';
  const [block] = find(read(`\`\`\`bash\n${code}\n\`\`\``).article, "code-block");
  expect(block?.attributes).toMatchObject({ language: "bash", text: code });
  const lines = block?.attributes.lines as [string, string | null][][];
  expect(lines.map((line) => line.map(([text]) => text).join("")).join("\n")).toBe(code);
  expect(lines[0]).toContainEqual(["# all", "comment"]);
  expect(lines[1]).toContainEqual(["if", "keyword"]);
  expect(JSON.stringify(lines)).not.toMatch(/style|<span|var\(/);
});

test("HTML and script addresses in a text stay text", () => {
  const { article } = read("<script>alert(1)</script>\n\nA <b onclick=x>b</b>. [x](javascript:alert)");
  expect(find(article, "a")).toEqual([]);
  expect(find(article, "script")).toEqual([]);
  expect(find(article, "b")).toEqual([]);
  expect(JSON.stringify(article)).toContain("<script>alert(1)</script>");
});

test.each([
  ["an unknown tag", '{% video src="x" /%}'],
  ["a check without an id", "{% check /%}"],
  ["a picture from elsewhere", '{% figure src="https://example.com/x.svg" alt="x" /%}'],
  ["a figure without words", '{% figure src="/figures/x.svg" /%}'],
  ["a link to another protocol", "[x](ftp://example.com)"],
  ["a link without its protocol", "[x](//example.com)"],
  ["an image", "![x](https://example.com/x.png)"],
  ["a language nobody highlights", "```brainfuck\n+\n```"],
  ["a tag that is not closed", "{% step %}\nOne."],
])("%s is an error with its line", (_, source) => {
  expect(() => read(`First line.\n\n${source}`)).toThrow(/line [3-5]/);
});
