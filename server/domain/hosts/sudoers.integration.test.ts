import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sudoersText } from "./sudoers.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "weekbook-sudoers-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What sudo's own checker says of a file. */
function visudo(text: string) {
  const path = join(folder, "snippet");
  writeFileSync(path, text, { mode: 0o440 });
  const { status, stderr, stdout } = spawnSync("/usr/sbin/visudo", ["-cf", path], { encoding: "utf8" });
  rmSync(path, { force: true });
  return { ok: status === 0, said: stdout + stderr };
}

test("a snippet is valid, and allows the very words of each command alone", () => {
  const text = sudoersText(
    ["weekbook"],
    [{ argv: ["iptables-save", "-t", "nat"] }, { argv: ["/usr/sbin/nft"], timeoutMs: 2_500 }],
  );
  expect(visudo(text)).toMatchObject({ ok: true });
  expect(text).toContain("weekbook ALL=(root) TIMEOUT=10s NOPASSWD: /usr/sbin/iptables-save -t nat\n");
  expect(text).toContain('weekbook ALL=(root) TIMEOUT=3s NOPASSWD: /usr/sbin/nft ""\n');
});

test("words that mean something to sudoers are taken as they are", () => {
  const words = [
    "a,b",
    "c:d",
    "e=f",
    "*",
    "?",
    "[x]",
    "back\\slash",
    "with space",
    "!x",
    "#x",
    "@x",
    '"q"',
    "^x$",
    "",
  ];
  for (const word of words) {
    const text = sudoersText(["user", "domain\\user"], [{ argv: ["/usr/bin/tool", word, "end"] }]);
    expect(visudo(text), word).toMatchObject({ ok: true });
  }
  expect(sudoersText(["u"], [{ argv: ["/usr/bin/tool", "*"] }])).toContain("/usr/bin/tool \\*\n");
  // What sudo itself matches: one backslash of an argument is four in the file, one of a user's name two.
  expect(sudoersText(["a\\b"], [{ argv: ["/usr/bin/tool", "c\\d"] }])).toBe(
    "a\\\\b ALL=(root) TIMEOUT=10s NOPASSWD: /usr/bin/tool c\\\\\\\\d\n",
  );
  const smuggled = sudoersText(["u"], [{ argv: ["/usr/bin/tool", "a\nALL ALL=(ALL) ALL"] }]);
  expect(smuggled).not.toContain("ALL");
});
