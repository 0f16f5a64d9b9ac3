import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type NamespaceKind,
  type NsenterInput,
  namespaceKinds,
  notesOf,
  nsenterProblems,
  nsenterSteps,
  switchesOf,
  wordsOf,
} from "./nsenter.ts";

const usual: NsenterInput = { source: "pid", target: "4947", kinds: ["net"], command: "ip addr show" };
const enter = (input: NsenterInput) => nsenterSteps(input).find(({ id }) => id === "enter")?.code ?? "";

/** The words that a real sh hands over, with sudo replaced by a function that prints them. */
function words(input: NsenterInput): string[] {
  const script = `sudo() { printf '%s\\0' "$@"; }\n${nsenterSteps(input)[0]?.code}\n${enter(input)}`;
  return execFileSync("sh", ["-c", script]).toString().split("\0").slice(0, -1);
}

test("one namespace, several, all of them", () => {
  expect(words(usual)).toEqual(["nsenter", "--target", "4947", "-n", "--", "ip", "addr", "show"]);
  expect(words({ ...usual, kinds: ["pid", "mnt"], command: "" })).toEqual([
    "nsenter",
    "--target",
    "4947",
    "-m",
    "-p",
  ]);
  expect(switchesOf(namespaceKinds)).toEqual(["--all"]);
});

test("whatever stands in the command, a shell reads it as the words that were typed", () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !/["'\0]/.test(text));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (given) => {
      const command = given.map((one) => `"${one}"`).join(" ");
      expect(words({ ...usual, command }).slice(5)).toEqual(given);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["target", { target: "0" }],
  ["target", { target: "12; reboot" }],
  ["target", { target: "4194305" }],
  ["target", { source: "docker", target: "$(reboot)" }],
  ["kinds", { kinds: [] }],
  ["command", { command: "sh -c 'oops" }],
] as [string, Partial<NsenterInput>][])("%s is refused: %o", (field, change) => {
  expect(nsenterProblems({ ...usual, ...change })).toEqual([field]);
});

test("quotes keep words together", () => {
  expect(wordsOf(`sh -c 'ss -lnt' a"b c"`)).toEqual(["sh", "-c", "ss -lnt", "ab c"]);
  expect(wordsOf("  ")).toEqual([]);
});

test("what a choice makes surprising", () => {
  const notes = (kinds: NamespaceKind[], command: string) => notesOf({ ...usual, kinds, command });
  expect(notes(["pid"], "ps -ef")).toEqual(["needs-mount"]);
  expect(notes(["pid", "mnt"], "ps -ef")).toEqual(["image-programs"]);
  expect(notes(["net"], "curl localhost")).toEqual(["host-programs", "name-resolution"]);
});
