import { expect, test } from "vitest";
import { searchWords, toTsquery, toTsvector } from "./words.ts";

test("words stand in lower case, dotted ones whole and in parts, their numbers not alone", () => {
  expect([...searchWords("Pod checkout-API-7f9c at 10.244.0.7 of web.example.com")]).toEqual([
    ...["pod", "checkout", "api", "7f9c", "at", "10.244.0.7", "of"],
    ...["web.example.com", "web", "example", "com"],
  ]);
});

test("Han stands as pairs of neighbours and its last sign", () => {
  expect([...searchWords("重复地址")]).toEqual(["重复", "复地", "地址", "址"]);
  expect([...searchWords("CPU限流")]).toEqual(["cpu", "限流", "流"]);
});

test("a word is cut so that no tsvector refuses it", () => {
  expect([...searchWords("x".repeat(3_000))]).toEqual(["x".repeat(40)]);
});

test("every word asked for is the beginning of one, or in a check's title", () => {
  const titles = new Map([["kubernetes/cpu-throttling", searchWords("Throttled containers")]]);
  expect(toTsquery("Throttl 10.244", titles)).toBe(
    "('throttl':* | '=kubernetes/cpu-throttling') & ('10.244':*)",
  );
  expect(toTsquery("地址", titles)).toBe("('地址':*)");
  expect(toTsquery(" -!'& ", titles)).toBeUndefined();
});

test("quotes cannot leave a word", () => {
  expect(toTsvector(["a'b", "c\\"])).toBe("'a''b' 'c\\\\'");
});
