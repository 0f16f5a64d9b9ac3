import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { locales } from "../text.ts";
import { auditActions, auditSubjectKinds } from "./audit.ts";

type Words = { [key: string]: string | Words };

/** The paths of all words below `words`, joined by dots. */
function pathsOf(words: string | Words | undefined): string[] {
  if (typeof words !== "object") return [];
  return Object.entries(words).flatMap(([key, word]) =>
    typeof word === "string" ? [key] : pathsOf(word).map((path) => `${key}.${path}`),
  );
}

test.each(locales)(
  "every action and every kind of subject has its words in %s, and no words are left over",
  (locale) => {
    const text = readFileSync(new URL(`../../messages/${locale}/audit.json`, import.meta.url), "utf8");
    const words: Words = JSON.parse(text);
    expect(pathsOf(words.action).sort()).toEqual([...auditActions].sort());
    expect(pathsOf(words.subject).sort()).toEqual([...auditSubjectKinds].sort());
  },
);

test("none is listed twice", () => {
  expect(new Set(auditActions).size).toBe(auditActions.length);
  expect(new Set(auditSubjectKinds).size).toBe(auditSubjectKinds.length);
});
