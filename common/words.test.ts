import { expect, test } from "vitest";
import { findingSchema } from "./result.ts";
import { kept, reads } from "./words.ts";

const finding = {
  verdict: "fail" as const,
  code: "too-few",
  subject: { kind: "Service", name: "cart" },
  message: { en: "Too few.", "zh-CN": "太少。" },
};

test("words are kept in English, with every language beside them", () => {
  const expected = { en: "at least two", "zh-CN": "至少两个" };
  const one = kept({ ...finding, observed: "1 of 2", expected });
  expect(findingSchema.strict().parse(one)).toEqual(one);
  expect(one).toEqual({ ...finding, observed: "1 of 2", expected: "at least two", texts: { expected } });
  expect(reads(one, "expected", "zh-CN")).toBe("至少两个");
  expect(reads(one, "observed", "zh-CN")).toBe("1 of 2");
});

test("values leave a finding as it is, and so does silence", () => {
  expect(kept({ ...finding, observed: "1" })).toEqual({ ...finding, observed: "1" });
  expect(kept(finding)).toEqual(finding);
  expect(reads(kept(finding), "observed", "en")).toBeUndefined();
});

test("evidence may be words too", () => {
  const source = { en: "for and against", "zh-CN": "正反证据" };
  const { evidence } = kept({ ...finding, evidence: [{ source, excerpt: "+3" }] });
  expect(evidence).toEqual([{ source: "for and against", excerpt: "+3", texts: { source } }]);
  expect(evidence?.[0] && reads(evidence[0], "source", "zh-CN")).toBe("正反证据");
  expect(evidence?.[0] && reads(evidence[0], "excerpt", "zh-CN")).toBe("+3");
});

test("what was stored as plain strings reads in every language as it was", () => {
  expect(reads({ observed: "none" }, "observed", "zh-CN")).toBe("none");
});
