/** Small scripts whose output every shell that follows POSIX gives alike. */
export const snippets = [
  { id: "expansion", code: "v=x; cat <<EOF\n$v $((1+1)) `echo c`\nEOF", expected: "x 2 c" },
  { id: "quoted-delimiter", code: "v=x; cat <<'EOF'\n$v `echo c`\nEOF", expected: "$v `echo c`" },
  { id: "backslash", code: 'v=x; cat <<EOF\n\\$v \\`a\\` "q"\nEOF', expected: '$v `a` "q"' },
  { id: "dash-strips-tabs", code: "cat <<-EOF\n\t\tone\n\t  two\n\tEOF", expected: "one\n  two" },
  { id: "two-in-a-line", code: "cat <<A; cat <<B\none\nA\ntwo\nB", expected: "one\ntwo" },
] as const;

/** Not of POSIX: bash has it, dash refuses it with a syntax error, which eval keeps to itself. */
const hereString = "(eval 'cat <<< \"a  b\"') 2>/dev/null || echo unsupported";

export const snippetScript = [
  ...snippets.map(({ id, code }) => `printf '@%s\\n' ${id}\n${code}`),
  `printf '@%s\\n' here-string\n${hereString}`,
].join("\n");

/** What each of them printed, by its id; one that is missing was not reached. */
export function parseSnippets({ stdout }: { stdout: string }): Record<string, string> {
  const parts = stdout.split(/^@/m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf("\n");
      return [part.slice(0, at), part.slice(at + 1).replace(/\n$/, "")];
    }),
  );
}
