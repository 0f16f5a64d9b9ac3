import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type HereForm, hereReceived, hereScript } from "./here-document.ts";

const variables = { A: "one two", B: "", NAME: "a\"b'c$d" };
const pieces = fc.constantFrom(
  ...[
    "$A",
    `\${A}`,
    "$B",
    `\${B:-empty}`,
    `\${B-unset}`,
    `\${NONE:-none}`,
    "$NAME",
    "$missing",
    "$",
    "\\",
    "\\$A",
  ],
  ...["\\`", "\\\\", '"', "'", " ", "\t", "\n", "\n\t", "\n  ", "x", "=", "EO", "#", ";", "&", "é", "中"],
);
const texts = fc
  .array(pieces, { maxLength: 25 })
  .map((all) => all.join(""))
  // A backslash at the very end would take the delimiter's line with it.
  // Of a tab after a line that is continued, dash and bash think differently.
  // dash loses a letter beyond ASCII that follows the beginning of the delimiter.
  .filter((text) => !/EO[^\p{ASCII}]/u.test(text))
  .filter((text) => !text.endsWith("\\") && !text.includes("\\\n\t") && !/^\t*EOF$/m.test(text));

function received(shell: string, script: string): string {
  return execFileSync(shell, ["-c", script], { env: { NODE_ENV: "test", PATH: "/usr/bin:/bin" } }).toString();
}

describe.each(["sh", "bash"])("%s", (shell) => {
  test.each(["plain", "quoted", "dash", "dashQuoted"] as HereForm[])(
    "gives what the tool says: %s",
    (form) => {
      for (const text of fc.sample(texts, 60)) {
        const input = { form, delimiter: "EOF", text, variables };
        const said = hereReceived(input);
        if (said.notices.includes("left-alone") || said.notices.includes("command-runs")) continue;
        expect(received(shell, hereScript(input)), JSON.stringify(text)).toBe(said.received);
      }
    },
  );
});

test("a here-string is bash's own, with a newline at its end", () => {
  const input = { form: "string", delimiter: "EOF", text: 'say "$A" `x` \\ end', variables } as const;
  expect(received("bash", hereScript(input))).toBe('say "one two" `x` \\ end\n');
});

test("a delimiter in the text ends it, and the rest would run", () => {
  const input = { form: "plain", delimiter: "EOF", text: "one\nEOF\ntrue", variables: {} } as const;
  expect(hereReceived(input)).toEqual({ received: "one\n", notices: ["ends-early"] });
  expect(received("sh", "cat <<EOF\none\nEOF\ntrue")).toBe("one\n");
});
