import { expect, test } from "vitest";
import { chooseLocale } from "./choose-locale.ts";

test.each([
  ["zh-CN", "en", "zh-CN"],
  ["en", "zh-CN,zh;q=0.9", "en"],
  [undefined, "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"],
  [undefined, "de;q=0.9, en-GB;q=0.8, zh;q=0.3", "en"],
  [undefined, "en;q=0.2,zh;q=0.7", "zh-CN"],
  [undefined, "zh;q=0", "en"],
  ["xx", "fr", "en"],
  [undefined, null, "en"],
])("chosen %s, browser %s → %s", (chosen, header, expected) => {
  expect(chooseLocale(chosen, header)).toBe(expected);
});
