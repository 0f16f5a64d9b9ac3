import Markdoc from "@markdoc/markdoc";
import fc from "fast-check";
import { expect, test } from "vitest";
import { literal } from "./session-summary.ts";

/** What a reader of Markdown gets to see of a text, and the kinds of nodes it is made of. */
function rendered(markdown: string) {
  const nodes = [...Markdoc.parse(markdown).walk()];
  return {
    kinds: new Set(nodes.map(({ type }) => type)),
    text: nodes.map(({ type, attributes }) => (type === "text" ? attributes.content : "")).join(""),
  };
}

test("whatever somebody wrote is shown as it is and nothing of it becomes markup", () => {
  const sign = fc.constantFrom(..."*_`[](){}<>#+-.!|~&:@\\%ab1 \n\t'\"/=".split(""));
  fc.assert(
    fc.property(fc.string({ unit: sign, maxLength: 40 }), (written) => {
      const plain = written.replace(/\s+/g, " ").trim();
      const { kinds, text } = rendered(`x ${literal(written)} x`);
      for (const kind of kinds) expect(["paragraph", "inline", "text"]).toContain(kind);
      expect(text).toBe(plain === "" ? "x  x" : `x ${plain} x`);
    }),
    { numRuns: 500 },
  );
});
