import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellCommand } from "./shell.ts";

test("a shell gives back exactly the words, whatever they hold", () => {
  const word = fc.string({ unit: "binary", maxLength: 30 }).filter((text) => !text.includes("\0"));
  const words = fc.sample(fc.array(word, { minLength: 1, maxLength: 20 }), 20).flat();
  const printed = execFileSync("sh", ["-c", `printf '%s\\0' ${shellCommand(...words)}`]);
  const expected = words.map((one) => Buffer.from(one).toString());
  expect(printed.toString().split("\0").slice(0, -1)).toEqual(expected);
});
