import { readError } from "../read-error.ts";

/** Words that write, lock, wait or reach the server's files, wherever they stand in a statement. */
const refusedWords =
  /\b(into|outfile|dumpfile|load_file|sleep|benchmark|get_lock|release_lock|update|share|handler|procedure)\b/i;

/**
 * Statements are constants of checks; this is the second fence. One SELECT or SHOW, without comments, which could hide
 * what a server runs, and without what a read-only session does not stop.
 */
export function admitStatement(sql: string): string {
  const text = withoutStrings(sql.trim());
  const problem = !/^(select|show)\b/i.test(text)
    ? "it is neither SELECT nor SHOW"
    : text.includes(";")
      ? "it is more than one statement"
      : /\/\*|--|#/.test(text)
        ? "it holds a comment"
        : text.includes("\\")
          ? "it holds a backslash"
          : refusedWords.test(text)
            ? `it holds ${refusedWords.exec(text)?.[0]}`
            : undefined;
  if (problem === undefined) return sql.trim();
  throw readError("not-permitted", "run a statement", "statement-refused", problem);
}

/** String constants are blanked: what stands in them is data. An open one is left, and refused with its quote. */
function withoutStrings(sql: string): string {
  const blanked = sql.replace(/'[^'\\]*'/g, "''");
  return /'(?!')|"/.test(blanked.replaceAll("''", "")) ? `${blanked};` : blanked;
}
