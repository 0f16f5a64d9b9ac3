import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import {
  type InvalidInput,
  invalidFixes,
  invalidPaths,
  invalidSteps,
  ruleTools,
} from "./conntrack-invalid.ts";

const all: InvalidInput[] = invalidFixes.flatMap((fix) =>
  ruleTools.flatMap((rules) => invalidPaths.map((path) => ({ fix, rules, path, logPerSecond: 1 }))),
);

/** What each line would run, word by word, as a real sh splits it: sudo is a function that prints its words. */
function wordsOf(code: string): string[][] {
  const pipesApart = code.replaceAll(/ \|\|? /g, "\n");
  const printed = execFileSync("/bin/sh", ["-c", `sudo() { printf '%s\\0' "$@"; echo; }\n${pipesApart}`], {
    env: { NODE_ENV: "test", PATH: "/nonexistent" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  return printed
    .toString()
    .split("\n")
    .filter((line) => line.includes("\0"))
    .map((line) => line.split("\0").slice(0, -1));
}

test.each(all.map((input) => [Object.values(input).join(" "), input] as const))(
  "%s is good shell",
  (_, input) => {
    for (const { code } of invalidSteps(input)) execFileSync("sh", ["-n"], { input: code });
  },
);

test("every rule of iptables that is put in is taken out again, word for word", () => {
  for (const path of invalidPaths) {
    const code = (id: string) =>
      invalidSteps({ fix: "drop", rules: "iptables", path, logPerSecond: 3 }).find((step) => step.id === id)
        ?.code ?? "";
    for (const [make, undo] of [
      ["look", "stopLooking"],
      ["drop", "dropUndo"],
    ] as const) {
      const rules = (id: string) => wordsOf(code(id)).filter(([tool]) => tool === "iptables");
      const removed = rules(make).map(([tool, , chain, , ...rest]) => [tool, "-D", chain, ...rest]);
      expect(rules(undo)).toEqual(removed);
      expect(removed).toHaveLength(path === "both" ? 2 : 1);
    }
  }
});

test("what nft makes is one table of its own, and undoing removes it", () => {
  const steps = invalidSteps({ fix: "drop", rules: "nft", path: "both", logPerSecond: 1 });
  const words = (id: string) => wordsOf(steps.find((step) => step.id === id)?.code ?? "");
  expect(words("drop")[0]).toEqual(["nft", "add", "table", "inet", "drop_invalid"]);
  expect(words("dropUndo").at(-1)).toEqual(["nft", "delete", "table", "inet", "drop_invalid"]);
  expect(words("look")[2]?.at(-1)).toBe('"invalid: "');
});
