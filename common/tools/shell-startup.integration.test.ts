import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStart, startupFiles } from "./shell-startup.ts";

/** The shells of this machine, in a home where every file says its own name. */
let home: string;
const own = [".bash_profile", ".bash_login", ".profile", ".bashrc"];
const zshOwn = [".zshenv", ".zprofile", ".zshrc", ".zlogin"];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "startup-"));
  for (const name of [...own, ...zshOwn, "named"]) writeFileSync(join(home, name), `echo "read ${name}"\n`);
  writeFileSync(join(home, "test.sh"), ":\n");
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function observed(words: string[], without: string[] = []): string[] {
  for (const name of without) rmSync(join(home, name));
  const [file = "", ...args] = words;
  const env = {
    NODE_ENV: "test",
    HOME: home,
    PATH: "/usr/bin:/bin",
    BASH_ENV: `${home}/named`,
    ENV: `${home}/named`,
  };
  const text = execFileSync(file, args, {
    env: env as NodeJS.ProcessEnv,
    cwd: home,
    stdio: ["ignore", "pipe", "ignore"],
  });
  for (const name of without) writeFileSync(join(home, name), `echo "read ${name}"\n`);
  return [...text.toString().matchAll(/read (\S+)/g)].map((match) => match[1] ?? "");
}

/** What the tool says of files in the home alone: those that always are read, and the first of a group. */
function said(text: string, without: string[] = []): string[] {
  const start = readStart(text);
  const files = start ? startupFiles(start, "debian") : [];
  const first = files.find(({ path, how }) => how === "first" && !without.includes(path.slice(2)));
  return files
    .filter((file) => file.how !== "by" && (file.how !== "first" || file === first))
    .flatMap(({ path }) => (path.startsWith("~/") ? [path.slice(2)] : path.startsWith("$") ? ["named"] : []));
}

test.each([
  [["bash", "-l", "test.sh"], []],
  [["bash", "-l", "test.sh"], [".bash_profile"]],
  [
    ["bash", "-l", "test.sh"],
    [".bash_profile", ".bash_login"],
  ],
  [["bash", "-li"], [".bash_profile"]],
  [["bash", "-i"], []],
  [["bash", "test.sh"], []],
  [["bash", "-c", ":"], []],
  [["sh", "-l", "-c", ":"], []],
  [["sh", "-c", ":"], []],
])("%j without %j", (words, without) => {
  expect(observed(words, without)).toEqual(said(words.join(" "), without));
});

test("zsh, where there is one", () => {
  if (!existsSync("/usr/bin/zsh")) return;
  for (const words of [
    ["zsh", "-l", "-c", ":"],
    ["zsh", "-c", ":"],
    ["zsh", "-l", "-i"],
    ["zsh", "-i"],
  ])
    expect(observed(words), words.join(" ")).toEqual(said(words.join(" ")));
});
