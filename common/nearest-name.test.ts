import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestName, typingErrors } from "./nearest-name.ts";

test.each([
  ["podSubnets", "podSubnet"],
  ["podsubnet", "podSubnet"],
  ["serivceSubnet", "serviceSubnet"],
  ["dnsDomian", "dnsDomain"],
  ["ttl", undefined],
  ["somethingElse", undefined],
])("%s is meant to be %s", (written, meant) => {
  expect(nearestName(written, ["podSubnet", "serviceSubnet", "dnsDomain"])).toBe(meant);
});

test("it counts the same both ways, nothing for the same word, and no more than the longer one has letters", () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (one, other) => {
      const errors = typingErrors(one, other);
      expect(errors).toBe(typingErrors(other, one));
      expect(errors === 0).toBe(one === other);
      expect(errors).toBeLessThanOrEqual(Math.max(one.length, other.length));
    }),
  );
});
