import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { runOnDocument } from "#testing/document-run.ts";
import { check } from "./here-documents.ts";

/** What a real bash makes of the same script: it warns of each here-document that ends with the file. */

const folder = mkdtempSync(join(tmpdir(), "weekbook-scripts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasBash = existsSync("/bin/bash");

const judge = async (script: string) => {
  const { findings } = await runOnDocument(check, script);
  const codes = findings.map(({ code, subject }) => `${code} ${subject.part}`);
  const open = findings.filter(({ code }) => code === "unclosed" || code === "delimiter-not-alone");
  return { codes, open: open.map(({ subject }) => subject.part ?? "") };
};

/** "line 3 EOF" for each here-document that bash finds without its end; null where it is no script at all. */
function openForBash(script: string): string[] | null {
  const { stderr } = spawnSync("bash", ["-n"], {
    input: script,
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  if (/syntax error|unexpected EOF while/.test(stderr)) return null;
  const warned = stderr.matchAll(/here-document at line (\d+) delimited by end-of-file \(wanted `(.*)'\)/g);
  return [...warned].map(([, line, word]) => `line ${line} ${word}`);
}

const line = fc.oneof(
  fc.constantFrom(
    ...[
      "cat <<EOF",
      "cat <<'EOF'",
      'cat <<-"EOF"',
      "cat <<-EOF >out",
      "cat <<\\EOF",
      "cat << END",
      "cat <<EOF | tr a b",
    ],
    ...["EOF", " EOF", "\tEOF", "EOF ", "END", "\tEND", "echo '<<EOF'", 'echo "a <<EOF b"', "echo $((1<<2))"],
    ...["# cat <<EOF", "echo a # <<EOF", "cat <<<EOF", "cat <<< 'EOF'", "text $x", "echo 'it'", ""],
    ...[
      "((x = 1 << 3))",
      "echo a\\",
      'x="$(cat <<EOF',
      ')"',
      "echo \\'",
      "if true; then cat <<EOF; fi",
      "let 'x=1<<2'",
    ],
    ...[`echo $\{x#<<EOF}`, "echo $'it\\'s <<EOF'", 'cat <<E"O"F', "cat <<'E F'", "E F", "cat 3<<EOF <&3"],
  ),
);

describe.skipIf(!hasBash)("here-documents of scripts (needs bash)", () => {
  test("the first that never ends is the one that bash warns of first, in whatever script", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (lines) => {
        const script = `${lines.join("\n")}\n`;
        const expected = openForBash(script);
        fc.pre(expected !== null);
        expect((await judge(script)).open).toEqual(expected?.slice(0, 1));
      }),
      { numRuns: 400 },
    );
  });

  test("a quote within a parameter's words is plain for sh, and opens a text for bash", async () => {
    const script = (shell: string, word: string) =>
      `#!/bin/${shell}\nx=a; : "\${${word}}"\ncat <<EOF\none\n  EOF\n: "\${${word}}"\n`;
    const spoken = (shell: string, word: string) => {
      const named = spawnSync("bash", shell === "sh" ? ["--posix"] : [], {
        input: script(shell, word),
        encoding: "utf8",
      });
      return named.stdout;
    };
    for (const word of ["1:-it's missing", `1:-$\{2:-it's missing}`]) {
      expect(spoken("sh", word), word).toContain("one\n  EOF\n");
      expect((await judge(script("sh", word))).open, word).toEqual(["line 3 EOF"]);
      expect(spoken("bash", word), word).toBe("");
      expect((await judge(script("bash", word))).open, word).toEqual([]);
    }
    expect(spoken("sh", "x#it's")).toBe("");
    expect((await judge(script("sh", "x#it's"))).open).toEqual([]);
  });

  test("a text of a megabyte whose lines are all continued is read at once", async () => {
    const script = `cat <<EOF\n${"a\\\n".repeat(330_000)}b\nEOF\n`;
    expect((await judge(script)).open).toEqual([]);
  });

  test("indented with spaces, it never ends, and what follows is text for bash too", async () => {
    const script = "cat <<EOF\none\n  EOF\necho after\n";
    expect((await judge(script)).codes).toEqual(["delimiter-not-alone line 1 EOF"]);
    const { stdout } = spawnSync("bash", [], { input: script, encoding: "utf8" });
    expect(stdout).toBe("one\n  EOF\necho after\n");
  });

  test("below <<- spaces stay in what the command receives", async () => {
    const script = "cat <<-EOF\n\tone\n  two\n\tEOF\n";
    expect((await judge(script)).codes).toEqual(["dash-with-spaces line 1 EOF"]);
    expect(spawnSync("sh", [], { input: script, encoding: "utf8" }).stdout).toBe("one\n  two\n");
  });

  test("a variable that the script does not set is gone from the file, and quoting the delimiter keeps it", async () => {
    const file = join(folder, "site.conf");
    const script = (delimiter: string) => `cat >${file} <<${delimiter}\nproxy_set_header Host $host;\nEOF\n`;
    const write = (text: string) => {
      spawnSync("sh", [], { input: text, env: { ...process.env, host: undefined } });
      return readFileSync(file, "utf8");
    };
    writeFileSync(file, "");
    expect((await judge(script("EOF"))).codes).toEqual(["expands-in-file line 1 EOF"]);
    expect(write(script("EOF"))).toBe("proxy_set_header Host ;\n");
    expect((await judge(script("'EOF'"))).codes).toEqual(["closed line 1 EOF"]);
    expect(write(script("'EOF'"))).toBe("proxy_set_header Host $host;\n");
  });
});
