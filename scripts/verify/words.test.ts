import { describe, expect, it } from "vitest";
import { rules, wordsIn } from "./words.ts";

/** For each rule a file and a text that it must catch. */
const caught: [path: string, text: string][] = [
  ["server/a.ts", "// TODO later"],
  ["server/a.ts", "// @ts-expect-error"],
  ["server/a.ts", "// eslint-disable"],
  ["server/a.test.ts", 'it.only("x", () => {});'],
  ["server/a.ts", "new PrismaClient()"],
  ["server/a.ts", "process.env.HOME"],
  ["components/a.tsx", "dangerouslySetInnerHTML={{}}"],
  ["app/a.ts", '"use server";'],
  ["docs/a.md", "cd /home/ada/weekbook"],
  ["messages/en/a.json", '{ "a": "Done!" }'],
];

describe("words that do not belong", () => {
  it.each(caught)("catches %s: %s", (path, text) => {
    expect(wordsIn(path, text)).toHaveLength(1);
  });

  it("has an example for each rule", () => {
    const unproven = rules.filter(
      (rule) => !caught.some(([path, text]) => rule.files.test(path) && rule.pattern.test(text)),
    );
    expect(unproven).toEqual([]);
  });

  it("tells the line", () => {
    expect(wordsIn("server/a.ts", "a\nb\n// TODO")).toEqual([
      'server/a.ts:3 says "TODO": unfinished work belongs in an issue',
    ]);
  });

  it("leaves the one reader of the environment alone", () => {
    expect(wordsIn("server/env.ts", "process.env")).toEqual([]);
  });
});
