/** One word for a POSIX shell. Left bare only where no shell could read it as anything else. */
export function shellWord(value: string): string {
  return /^[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:@%+,=-]*$/.test(value)
    ? value
    : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** A command line of literal words: whatever a name holds, a shell reads each as one word and runs nothing else. */
export function shellCommand(...words: string[]): string {
  return words.map(shellWord).join(" ");
}
