import fc from "fast-check";
import { expect, test } from "vitest";
import { powershellLiteral, splitArguments, windowsArgument } from "./windows-arguments.ts";

const values = (line: string) => splitArguments(line).words.map(({ value }) => value);

test("what is quoted comes back as one argument, whatever it holds", () => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", '"', "\\", "'", "\t", "é") });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (list) => {
      expect(values(list.map(windowsArgument).join(" "))).toEqual(list);
    }),
  );
});

test("the examples of Microsoft's page on parsing arguments", () => {
  expect(values('"a b c" d e')).toEqual(["a b c", "d", "e"]);
  expect(values(String.raw`"ab\"c" "\\" d`)).toEqual(['ab"c', "\\", "d"]);
  expect(values(String.raw`a\\\b d"e f"g h`)).toEqual(["a\\\\\\b", "de fg", "h"]);
  expect(values(String.raw`a\\\"b c d`)).toEqual(['a\\"b', "c", "d"]);
  expect(values(String.raw`a\\\\"b c" d e`)).toEqual(["a\\\\b c", "d", "e"]);
});

test("single quotes hold nothing together, and an open quote is noticed", () => {
  expect(values("-File 'C:\\a b.ps1'")).toEqual(["-File", "'C:\\a", "b.ps1'"]);
  expect(splitArguments('-File "C:\\a b.ps1').open).toBe(true);
});

test("a literal of PowerShell doubles its quotes", () => {
  expect(powershellLiteral("O'Neil’s")).toBe("'O''Neil’’s'");
});
