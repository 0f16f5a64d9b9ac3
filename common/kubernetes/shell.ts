/** One word for a POSIX shell. Left bare only where no shell could read it as anything else. */
export function shellWord(value: string): string {
  return /^[A-Za-z0-9_./:@%+,=-]+$/.test(value) && !value.startsWith("-") && !value.startsWith("=")
    ? value
    : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** A command line of literal words. Options begin with a dash and are constants of the caller. */
export function shellCommand(...words: string[]): string {
  return words.map((word) => (/^--?[a-z][a-z-]*$/.test(word) ? word : shellWord(word))).join(" ");
}
