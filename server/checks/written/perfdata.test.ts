import fc from "fast-check";
import { expect, test } from "vitest";
import { alerts, parsePerfdata, parseRange, splitOutput, toMeasurements } from "./perfdata.ts";

const infinity = Number.POSITIVE_INFINITY;

test.each([
  ["10", { start: 0, end: 10, inside: false }, [0, 10], [-1, 11]],
  ["10:", { start: 10, end: infinity, inside: false }, [10, 1e9], [9.9]],
  ["~:10", { start: -infinity, end: 10, inside: false }, [-1e9, 10], [10.1]],
  ["10:20", { start: 10, end: 20, inside: false }, [10, 20], [9, 21]],
  ["@10:20", { start: 10, end: 20, inside: true }, [9, 21], [10, 15, 20]],
  ["-5:5.5", { start: -5, end: 5.5, inside: false }, [-5, 0], [-6, 6]],
])("the range %s alerts outside of what it allows", (text, range, quiet, loud) => {
  const parsed = parseRange(text);
  expect(parsed).toEqual(range);
  for (const value of quiet) expect(parsed && alerts(parsed, value), `${value}`).toBe(false);
  for (const value of loud) expect(parsed && alerts(parsed, value), `${value}`).toBe(true);
});

test.each([[""], ["a"], ["1:2:3"], ["20:10"], ["@"], ["1:b"]])("%s is no range", (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test.each([
  ["time=0.002s", [{ label: "time", value: 0.002, unit: "s" }]],
  [
    "/=2643MB;5948;5958;0;5968",
    [
      {
        ...{ label: "/", value: 2643, unit: "MB", min: 0, max: 5968 },
        warn: { start: 0, end: 5948, inside: false },
        crit: { start: 0, end: 5958, inside: false },
      },
    ],
  ],
  [
    "'free space'=10% 'it''s'=1c",
    [
      { label: "free space", value: 10, unit: "%" },
      { label: "it's", value: 1, unit: "c" },
    ],
  ],
  ["load1=0.260;5.000;10.000;0;", [expect.objectContaining({ label: "load1", value: 0.26, min: 0 })]],
  ["x=U", [{ label: "x", value: null, unit: "" }]],
  ["rate=-1.5e3B;;;0", [{ label: "rate", value: -1500, unit: "B", min: 0 }]],
  ["comma=0,5s", [{ label: "comma", value: 0.5, unit: "s" }]],
  ["nonsense a=b c=1;@2:3", [expect.objectContaining({ label: "c", value: 1 })]],
  ["", []],
])("performance data: %s", (text, parsed) => {
  expect(parsePerfdata(text)).toEqual(parsed);
});

test("the first line, more lines and more data after a second bar", () => {
  const output =
    "DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n/ 15272 MB (77%);\n/boot 68 MB (69%); | /boot=68MB;88;93;0;98\n/home=69357MB;253404;253409;0;253414\n";
  const { first, more, perf } = splitOutput(output);
  expect(first).toBe("DISK OK - free space: / 3326 MB (56%);");
  expect(more).toBe("/ 15272 MB (77%);\n/boot 68 MB (69%);");
  expect(perf.map(({ label }) => label)).toEqual(["/", "/boot", "/home"]);
});

test("measurements have units that can be drawn, and none for what was not determined", () => {
  const perf = parsePerfdata("t=2ms size=1KB n=3c u=U p=5%");
  expect(toMeasurements(perf)).toEqual([
    { name: "t", value: 2, unit: "ms" },
    { name: "size", value: 1024, unit: "By" },
    { name: "n", value: 3, unit: "{count}" },
    { name: "p", value: 5, unit: "%" },
  ]);
});

test("whatever a plugin prints, reading it ends and throws nothing", () => {
  const parts = fc.constantFrom("'", "=", ";", "|", "\n", " ", "@", ":", "~", "U", "1", "a", "''", "-", ".");
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 200 }), (words) => {
      for (const { value } of toMeasurements(splitOutput(words.join("")).perf)) {
        expect(Number.isNaN(value)).toBe(false);
      }
    }),
  );
});
