import fc from "fast-check";
import { expect, test } from "vitest";
import { millicores, parseQuantity } from "./quantity.ts";

test.each([
  ["250m", 250],
  ["1", 1000],
  [2, 2000],
  ["0.1", 100],
  ["1e0", 1000],
  ["2E-1", 200],
  ["100000000n", 100],
  ["1500000u", 1500],
  ["0.0001", 1],
  [".5", 500],
  ["0", 0],
])("%s of a core", (text, expected) => {
  expect(millicores(text)).toBe(expected);
});

test.each([[undefined], [""], ["abc"], ["1x"], ["1.2.3"], ["--1"], ["1 m"]])("%s is no quantity", (text) => {
  expect(parseQuantity(text)).toBeNull();
});

test("whole thousandths survive exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (thousandths) => {
      expect(millicores(`${thousandths}m`)).toBe(thousandths);
      expect(millicores(String(thousandths / 1000))).toBe(thousandths);
    }),
  );
});

test("binary and decimal suffixes differ", () => {
  expect(parseQuantity("1Ki")).toBe(1024);
  expect(parseQuantity("1k")).toBe(1000);
  expect(parseQuantity("1E")).toBe(1e18);
});
