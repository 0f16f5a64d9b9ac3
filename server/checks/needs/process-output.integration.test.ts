import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unbufferedCount } from "./process-output.ts";

/** Command lines, one word a line, through the tools of this machine and through those of BusyBox. */

const busybox = `PATH=; ${["sed", "grep"].map((tool) => `${tool}() { /bin/busybox ${tool} "$@"; }`).join("; ")}`;
const unbuffered: string[][] = [
  ["python3", "-u", "app.py"],
  ["python3", "-Bu", "-m", "http.server"],
  ["python3", "-E", "-uc", "print(1)"],
  ["python3", "-uWerror", "app.py"],
];
const buffered: string[][] = [
  ["python", "app.py", "-u", "bob"],
  ["python3", "/usr/bin/gunicorn", "-u", "www"],
  ["python3", "-B", "app.py", "-u"],
  ["python3", "-Wdefault", "app.py"],
  ["python3", "-", "-u"],
  ["python3", "--version-unknown", "app.py"],
  ["python3"],
  ["-u"],
];

describe.each([
  ["sh", ":", true],
  ["BusyBox", busybox, existsSync("/bin/busybox")],
])("the switch of an interpreter, by the tools of %s", (_, before, isHere) => {
  const count = (words: string[]) =>
    spawnSync("sh", ["-c", `${before}; ${unbufferedCount}`], {
      input: words.map((word) => `${word}\n`).join(""),
      encoding: "utf8",
    }).stdout.trim();

  test.skipIf(!isHere).each(unbuffered)("%s %s …", (...words) => expect(count(words)).toBe("1"));
  test.skipIf(!isHere).each(buffered)("not %s %s …", (...words) => expect(count(words)).toBe("0"));
});
