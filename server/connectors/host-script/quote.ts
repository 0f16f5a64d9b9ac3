/** A word that a POSIX shell takes exactly as it is. */
export function quote(text: string): string {
  if (text.includes("\0")) throw new Error("a word of a shell cannot hold a NUL");
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
