export type WindowsArgument = { value: string; start: number; quoted: boolean };

/** A command line as Windows programs take it apart (CommandLineToArgvW): only double quotes hold blanks together. */
export function splitArguments(line: string): { words: WindowsArgument[]; open: boolean } {
  const words: WindowsArgument[] = [];
  let word: WindowsArgument | null = null;
  let open = false;
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (!open && /\s/.test(char)) {
      if (word) words.push(word);
      word = null;
      at += 1;
      continue;
    }
    word ??= { value: "", start: at, quoted: false };
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    if (line.charAt(at + slashes) !== '"') {
      const length = Math.max(slashes, 1);
      word.value += line.slice(at, at + length);
      at += length;
      continue;
    }
    word.value += "\\".repeat(slashes >> 1);
    at += slashes + 1;
    const doubled = open && slashes % 2 === 0 && line.charAt(at) === '"';
    if (slashes % 2 === 1 || doubled) word.value += '"';
    else {
      open = !open;
      word.quoted = true;
    }
    if (doubled) at += 1;
  }
  if (word) words.push(word);
  return { words, open };
}

/** One argument for such a command line. */
export function windowsArgument(value: string): string {
  if (value !== "" && !/[\s"]/.test(value)) return value;
  return `"${value.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

/** One literal for PowerShell. It takes typographic quotes for straight ones, so those are doubled as well. */
export function powershellLiteral(value: string): string {
  return `'${value.replace(/['‘’‚‛]/g, "$&$&")}'`;
}
