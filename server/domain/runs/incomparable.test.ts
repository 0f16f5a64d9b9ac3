import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { locales } from "#common/text.ts";
import { incomparableReasons } from "./incomparable.ts";

test.each(locales)("each reason has its sentence in %s, and there is none left over", (locale) => {
  const file = new URL(`../../../messages/${locale}/compare.json`, import.meta.url);
  const { incomparable } = JSON.parse(readFileSync(file, "utf8"));
  expect(Object.keys(incomparable).sort()).toEqual([...incomparableReasons].sort());
});
