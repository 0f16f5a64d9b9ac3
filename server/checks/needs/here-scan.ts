/** A here-document of a script. Lines are counted from 1. */
export type HereDocument = {
  line: number;
  delimiter: string;
  isDash: boolean;
  isQuoted: boolean;
  /** the line of its delimiter; null: it never ends */
  endLine: number | null;
  body: string[];
  /** where the command writes, if it writes a file */
  writes: boolean;
};

/** The text outside of quotes and comments; what stands in quotes becomes spaces, quotes that are open go on. */
function bare(line: string, quote: "'" | '"' | null): { text: string; quote: "'" | '"' | null } {
  let [text, open] = ["", quote];
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? "";
    if (open === null && char === "#" && /(^|[\s;&|(])$/.test(line.slice(0, at))) break;
    const isEscape = char === "\\" && open !== "'";
    // The quotes of a delimiter belong to the operator before it.
    const isDelimiter = open === null && /<<-?\s*$/.test(text);
    if (isEscape && !isDelimiter) {
      text += "  ";
      at += 1;
    } else if ((char === "'" || char === '"') && (open === null || open === char) && !isDelimiter) {
      open = open === null ? char : null;
      text += " ";
    } else if (isDelimiter && (char === "'" || char === '"')) {
      const end = line.indexOf(char, at + 1);
      if (end === -1) break;
      text += line.slice(at, end + 1);
      at = end;
    } else text += open === null ? char : " ";
  }
  return { text, quote: open };
}

const operator = /(?<!<)<<(?!<)(-?)[ \t]*(?:'([^']*)'|"([^"]*)"|(\\?)([\w.!@%+:-]+))/g;

export function hereDocuments(script: string): HereDocument[] {
  const lines = script.split("\n");
  const found: HereDocument[] = [];
  let quote: "'" | '"' | null = null;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const read = bare(line.replace(/\r$/, ""), quote);
    quote = read.quote;
    // A shift within an arithmetic expression looks alike.
    const text = read.text.replaceAll(/\(\(.*?\)\)/g, "");
    for (const [, dash, single, double, backslash, word] of text.matchAll(operator)) {
      const delimiter = single ?? double ?? word ?? "";
      const one: HereDocument = {
        ...{ line: at + 1, delimiter, isDash: dash === "-", endLine: null, body: [] },
        isQuoted: word === undefined || backslash === "\\",
        writes: /(^|[^<>&])>{1,2}(?![&>])|\btee\b/.test(text),
      };
      const begin = (found.at(-1)?.line === at + 1 ? found.at(-1)?.endLine : null) ?? at + 1;
      const end = lines.findIndex((each, index) => index >= begin && closes(each, one));
      one.endLine = end === -1 ? null : end + 1;
      one.body = lines.slice(begin, end === -1 ? lines.length : end);
      found.push(one);
      if (end === -1) return found;
    }
    const last = found.at(-1);
    if (last?.line === at + 1 && last.endLine !== null) at = last.endLine - 1;
  }
  return found;
}

function closes(line: string, { isDash, delimiter }: HereDocument): boolean {
  return (isDash ? line.replace(/^\t+/, "") : line) === delimiter;
}

/** Lines that would end it but for blanks or a carriage return around them. */
export function nearMisses({ body, delimiter, line }: HereDocument): { line: number; text: string }[] {
  return body.flatMap((text, index) =>
    text !== delimiter && text.trim() === delimiter ? [{ line: line + index + 1, text }] : [],
  );
}

/** Names that the shell would put values in for, and that this script gives no value. */
export function strangersIn({ body }: HereDocument, script: string): string[] {
  const text = body.join("\n").replaceAll(/\\[$`\\]/g, "");
  const names = [...text.matchAll(/\$(?:\{([A-Za-z_]\w*|\d)|([A-Za-z_]\w*|\d))/g)].map(
    ([, a, b]) => a ?? b ?? "",
  );
  const assigned = (name: string) =>
    new RegExp(
      `(^|[\\s;&|(])(export\\s+|local\\s+|readonly\\s+|declare\\s+(-\\w+\\s+)*)?${name}=|\\b(read|for)\\b[^\\n]*\\b${name}\\b`,
      "m",
    ).test(script);
  const known = /^(HOME|USER|PATH|PWD|HOSTNAME|LANG|SHELL|LOGNAME|UID|EUID|RANDOM|[A-Z][A-Z0-9_]*)$/;
  return [...new Set(names)].filter((name) => !known.test(name) && !assigned(name)).sort();
}
