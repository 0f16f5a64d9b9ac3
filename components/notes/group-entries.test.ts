import { expect, test } from "vitest";
import { contentOf, entriesOf, noEdits, type Week } from "./group-entries.ts";

const section = (title: string, startsEntry: boolean, markdown = "") => ({
  ...{ title, startsEntry, markdown, depth: startsEntry ? 0 : 1 },
});
const week: Week = {
  week: "2021-09-20",
  written: "2021-09-20~26",
  sections: [section("One", true), section("Why", false), section("Two", true), section("Fix", false)],
};
const outline = (edits = noEdits, known: string[] = []) =>
  entriesOf(week, 0, { edits, known: new Set(known) }).map(({ title, sections, chosen }) => [
    title,
    sections.length,
    chosen,
  ]);

test("sections go with the entry they stand in", () => {
  expect(outline()).toEqual([
    ["One", 2, true],
    ["Two", 2, true],
  ]);
});

test("a person splits, joins, renames and leaves out; the first section always begins one", () => {
  expect(outline({ ...noEdits, starts: { "0.1": true, "0.2": false, "0.0": false } })).toEqual([
    ["One", 1, true],
    ["Why", 3, true],
  ]);
  expect(outline({ ...noEdits, titles: { "0.2": "Second" }, chosen: { "0.0": false } })).toEqual([
    ["One", 2, false],
    ["Second", 2, true],
  ]);
});

test("what the team has already is not chosen, unless a person wants it", () => {
  expect(outline(noEdits, ["Two"])[1]).toEqual(["Two", 2, false]);
  expect(outline({ ...noEdits, chosen: { "0.2": true } }, ["Two"])[1]).toEqual(["Two", 2, true]);
});

test("code and links are counted", () => {
  const text = "```bash\na\n```\n<https://a.example> [b](https://b.example) https://c.example";
  const [entry] = entriesOf({ ...week, sections: [section("One", true, text)] }, 0, {
    edits: noEdits,
    known: new Set(),
  });
  expect(entry && contentOf(entry)).toEqual({ sections: 0, code: 1, links: 3 });
});
