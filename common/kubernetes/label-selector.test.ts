import fc from "fast-check";
import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";
import { expect, test } from "vitest";
import { selectorIndex, selectorMatches } from "./label-selector.ts";

const key = fc.constantFrom("app", "tier", "track");
const value = fc.constantFrom("web", "db", "canary");
const labels = fc.dictionary(key, value, { maxKeys: 3 });
const expression = fc.record({
  key,
  operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist"),
  values: fc.array(value, { minLength: 1, maxLength: 2 }),
});
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: labels,
  matchExpressions: fc.array(expression, { maxLength: 2 }),
});
const namespace = fc.constantFrom("one", "two");

test("the index finds what asking every selector finds", () => {
  const selecting = fc.array(fc.record({ namespace, selector }), { maxLength: 8 });
  fc.assert(
    fc.property(selecting, namespace, labels, (all, where, these) => {
      const find = selectorIndex(all.map((one, item) => ({ ...one, item })));
      const slow = all.flatMap((one, item) =>
        one.namespace === where && selectorMatches(one.selector, these) ? [item] : [],
      );
      expect(find(where, these).toSorted()).toEqual(slow);
    }),
  );
});

test.each([
  [undefined, false],
  [{}, true],
  [{ matchLabels: { app: "web" } }, true],
  [{ matchLabels: { app: "web", tier: "db" } }, false],
  [{ matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, true],
  [{ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["db"] }] }, true],
  [{ matchExpressions: [{ key: "app", operator: "Unheard" }] }, false],
] as const)("%j picks app=web: %s", (of, picks) => {
  expect(selectorMatches(of as LabelSelector | undefined, { app: "web" })).toBe(picks);
});
