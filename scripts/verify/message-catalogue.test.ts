import { describe, expect, it } from "vitest";
import { differences, flatten, placeholders } from "./message-catalogue.ts";

const catalogue = (messages: Record<string, string>) => new Map([["run", new Map(Object.entries(messages))]]);
const compare = (en: Record<string, string>, zh: Record<string, string>) =>
  differences("en", catalogue(en), "zh-CN", catalogue(zh));

describe("placeholders", () => {
  it("finds arguments, also inside plurals and selects, and tags", () => {
    const message = "{count, plural, one {# pod of {name}} other {# pods}} in <link>{where}</link>";
    expect([...placeholders(message)].sort()).toEqual(["<link>", "{count}", "{name}", "{where}"]);
  });

  it("does not take the words of an option for an argument", () => {
    expect([...placeholders("{role, select, owner {an owner} other {a viewer}}")]).toEqual(["{role}"]);
    expect([...placeholders("{n, plural, other {pods}}")]).toEqual(["{n}"]);
  });
});

describe("differences", () => {
  it("has nothing to say about the same keys and placeholders", () => {
    expect(compare({ a: "{n} pods" }, { a: "{n} 个 Pod" })).toEqual([]);
  });

  it("names a missing key, on either side", () => {
    expect(compare({ a: "A" }, {})).toEqual(['messages/zh-CN/run.json lacks "a"']);
    expect(compare({}, { a: "甲" })).toEqual(['messages/en/run.json lacks "a"']);
  });

  it("names a missing file", () => {
    expect(differences("en", catalogue({ a: "A" }), "zh-CN", new Map())).toEqual([
      "messages/zh-CN/run.json is missing",
    ]);
  });

  it("names a placeholder that was lost, one that was invented, and an empty text", () => {
    expect(compare({ a: "{n} pods" }, { a: "许多 Pod" })).toEqual(['messages/zh-CN/run.json "a" lacks {n}']);
    expect(compare({ a: "pods" }, { a: "{n} 个" })[0]).toContain("has {n}, which the original has not");
    expect(compare({ a: "pods" }, { a: " " })).toEqual(['messages/zh-CN/run.json "a" is empty']);
  });
});

it("flattens nested messages", () => {
  expect(Object.fromEntries(flatten({ a: { b: "x" }, c: "y" }))).toEqual({ "a.b": "x", c: "y" });
});
