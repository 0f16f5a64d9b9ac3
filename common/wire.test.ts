import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromWire, toWire } from "./wire.ts";

/** Keys that look like tags come up often. */
const key = fc.oneof(fc.constantFrom("$", "$$", "$date", "__proto__", "constructor"), fc.string());
const { data } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.date({ noInvalidDate: true }),
  ),
  data: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.array(fc.oneof(tie("data"), fc.constant(undefined))),
    fc.dictionary(key, tie("data"), { noNullPrototype: true }),
  ),
}));

const sent = (value: unknown) => fromWire(JSON.parse(JSON.stringify(toWire(value))));

test("everything arrives as it was sent", () => {
  fc.assert(fc.property(data, (value) => isDeepStrictEqual(sent(value), value)));
});

test("nothing at all arrives as nothing; an absent member stays absent", () => {
  expect(sent(undefined)).toBeUndefined();
  expect(sent({ a: undefined, b: [undefined] })).toStrictEqual({ b: [undefined] });
});

test("what looks like a tag is data", () => {
  const lookalike = { $: "2026-01-01T00:00:00.000Z" };
  expect(sent(lookalike)).toStrictEqual(lookalike);
  expect(toWire(lookalike)).toStrictEqual({ $$: "2026-01-01T00:00:00.000Z" });
});

test("a key cannot reach a prototype", () => {
  const received = fromWire(JSON.parse('{"__proto__":{"admin":true},"$__proto__":{"admin":true}}'));
  expect(Object.getPrototypeOf(received)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>).admin).toBeUndefined();
});

test.each([[new Map([[1, 2]])], [new Set([1])], [new URL("https://example.org")], [/x/]])(
  "%s would lose its contents and is refused",
  (value) => expect(() => toWire({ value })).toThrow(TypeError),
);
