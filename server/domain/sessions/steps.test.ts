import { expect, test } from "vitest";
import type { ArticleNode } from "#common/contracts/runbook.ts";
import { loadRunbooks } from "../runbooks/load-runbooks.ts";
import { withSteps } from "./steps.ts";

const node = (name: string, children: ArticleNode[] = [], attributes = {}): ArticleNode => ({
  ...{ name, attributes, children },
});
const heading = (id: string) => node("h2", [id], { id });
const textsOf = (nodes: ArticleNode[]) => withSteps(nodes).steps.map(({ step, text }) => `${step} ${text}`);

test("what an author marked as steps are the steps; lists beside them are not", () => {
  const list = node("ul", [node("li", ["item"])]);
  expect(textsOf([heading("fix"), node("step", [node("p", ["One"])], { number: 1 }), list])).toEqual([
    "1 One",
  ]);
});

test("where nothing is marked, the items of lists are, and without lists the paragraphs", () => {
  const list = node("ol", [node("li", ["First"]), node("li", ["Second"])]);
  expect(textsOf([heading("fix"), list, heading("verify"), node("p", ["Look"])])).toEqual([
    ...["1 First", "2 Second", "3 Look"],
  ]);
});

test("sections that explain have no steps unless they are marked", () => {
  expect(textsOf([heading("why"), node("ul", [node("li", ["Because"])]), node("p", ["And"])])).toEqual([]);
});

test("every runbook has something to do in both languages, as many steps in each", async () => {
  for (const { slug, texts } of (await loadRunbooks()).values()) {
    const [en, zh] = [withSteps(texts.en.article).steps, withSteps(texts["zh-CN"].article).steps];
    expect(en.length, slug).toBeGreaterThan(0);
    expect(zh.length, slug).toBe(en.length);
    for (const { text } of [...en, ...zh]) expect(text, slug).not.toBe("");
  }
}, 60_000);
