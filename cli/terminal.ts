import { stripVTControlCharacters, styleText } from "node:util";
import type { Verdict } from "#common/verdict.ts";

export type Terminal = {
  out: NodeJS.WritableStream;
  err: NodeJS.WritableStream;
  colours: boolean;
  /** whether somebody watches stderr, so that a line that changes makes sense */
  progress: boolean;
};

type Style = Parameters<typeof styleText>[0];
const verdictStyles: Record<Verdict, Style> = {
  pass: "green",
  warn: "yellow",
  fail: "red",
  unknown: "magenta",
  skip: "dim",
};

export type Paint = {
  verdict(verdict: Verdict, text: string): string;
  strong(text: string): string;
  dim(text: string): string;
};

export function painter(colours: boolean): Paint {
  const paint = (style: Style, text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  return {
    verdict: (verdict, text) => paint(verdictStyles[verdict], text),
    strong: (text) => paint("bold", text),
    dim: (text) => paint("dim", text),
  };
}

/** Names and excerpts come from the outside: nothing in them may move the cursor or rename the window. */
export function printable(text: string): string {
  const shown = [...stripVTControlCharacters(text)].map((char) => {
    const code = char.codePointAt(0) ?? 0;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e);
    return isControl && char !== "\n" && char !== "\t" ? "\ufffd" : char;
  });
  return shown.join("");
}

/** One line on stderr that is overwritten while work goes on. Without a terminal nothing is shown. */
export function createProgressLine(terminal: Terminal): { show(text: string): void; clear(): void } {
  const write = (text: string) => {
    if (terminal.progress) terminal.err.write(`\r\u001b[K${text}`);
  };
  return { show: (text) => write(printable(text)), clear: () => write("") };
}
