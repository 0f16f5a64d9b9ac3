import { amongCommands, type HereWord, isForSh, operatorAt, type ShellPlace, stepOf } from "./shell-lexer.ts";

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

type Asked = HereWord & { line: number };

/** All of them up to the first that never ends: what follows that one is its text. */
export function hereDocuments(script: string): HereDocument[] {
  const found: HereDocument[] = [];
  const places: ShellPlace[] = ["commands"];
  const forSh = isForSh(script);
  let [at, line, plain]: [number, number, string] = [0, 1, ""];
  let asked: Asked[] = [];
  while (at <= script.length) {
    const word = amongCommands(places) ? operatorAt(script, at) : null;
    if (word) {
      asked.push({ ...word, line });
      at = word.end;
    } else if (at === script.length || (script[at] === "\n" && amongCommands(places))) {
      const writes = /(^|[^<>&])>{1,2}(?![&>])|\btee\b/.test(plain);
      let cursor: Cursor = { at: at + 1, line: line + 1 };
      for (const one of asked) {
        const { body, end, next } = bodyOf(script, cursor, one);
        const { delimiter, isDash, isQuoted } = one;
        found.push({ line: one.line, delimiter, isDash, isQuoted, endLine: end, body, writes });
        if (end === null) return found;
        cursor = next;
      }
      ({ at, line } = cursor);
      [asked, plain] = [[], ""];
    } else {
      const step = stepOf(script, at, places, forSh);
      line += script.slice(at, step.next).split("\n").length - 1;
      plain += step.plain;
      at = step.next;
    }
  }
  return found;
}

type Cursor = { at: number; line: number };

/** Its lines up to the delimiter. Unless that is quoted, a backslash at a line's end joins it with the next. */
function bodyOf(script: string, from: Cursor, { delimiter, isDash, isQuoted }: Asked) {
  const body: string[] = [];
  let [{ at, line }, joined] = [from, ""];
  while (at < script.length) {
    const stop = script.indexOf("\n", at);
    const text = script.slice(at, stop === -1 ? undefined : stop);
    at = stop === -1 ? script.length : stop + 1;
    const part = isDash && joined === "" ? text.replace(/^\t+/, "") : text;
    // Backslashes of the lines before are even in number, so that this line's own decide.
    const isContinued = !isQuoted && /(^|[^\\])(\\\\)*\\$/.test(part);
    joined += isContinued ? part.slice(0, -1) : part;
    if (!isContinued && joined === delimiter) return { body, end: line, next: { at, line: line + 1 } };
    if (!isContinued) joined = "";
    body.push(text);
    line += 1;
  }
  return { body, end: null, next: { at, line } };
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
