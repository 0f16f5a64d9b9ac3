/**
 * Where a shell is while it reads a script. A command substitution and a subshell are among commands again; "ticks"
 * are old substitutions, "group" the parentheses within arithmetic, "words" what sh puts in for a parameter within
 * double quotes: a single quote is plain there, and opens a quote for bash.
 */
export type ShellPlace = "commands" | "ticks" | "double" | "braces" | "words" | "arithmetic" | "group";

export const amongCommands = (places: readonly ShellPlace[]) =>
  places.at(-1) === "commands" || places.at(-1) === "ticks";

export type HereWord = { delimiter: string; isDash: boolean; isQuoted: boolean; end: number };

const wordPart = /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])|([^\s;&|()<>'"\\]+)/y;

/** The operator of a here-document with its word, quotes taken away; null where there is none. */
export function operatorAt(script: string, at: number): HereWord | null {
  if (!script.startsWith("<<", at) || script.startsWith("<<<", at)) return null;
  const isDash = script[at + 2] === "-";
  let end = at + (isDash ? 3 : 2);
  while (script[end] === " " || script[end] === "\t") end += 1;
  const begin = end;
  let [delimiter, isQuoted] = ["", false];
  for (;;) {
    wordPart.lastIndex = end;
    const match = wordPart.exec(script);
    if (!match) return end === begin ? null : { delimiter, isDash, isQuoted, end };
    const [whole, single, double, escaped, plain] = match;
    delimiter += single ?? double?.replaceAll(/\\([$`"\\])/g, "$1") ?? escaped ?? plain ?? "";
    isQuoted ||= plain === undefined;
    end += whole.length;
  }
}

/** `plain`: what stands outside of quotes and comments. */
type Step = { next: number; plain: string };
const quiet = (next: number): Step => ({ next, plain: " " });

/** Whether its first line names a shell that reads as POSIX asks, which bash does only when it is called sh. */
export const isForSh = (script: string) =>
  /^#![ \t]*(\S*\/env[ \t]+)?(\S*\/)?(sh|dash|ash)(\s|$)/.test(script);

/** One step over a script; `places` changes with it. */
export function stepOf(script: string, at: number, places: ShellPlace[], forSh: boolean): Step {
  const char = script[at];
  if (script.startsWith("<<<", at)) return quiet(at + 3);
  if (char === "\\") return quiet(at + 2);
  const opened = opens(script, at, places, forSh);
  if (opened) {
    places.push(opened.place);
    return quiet(at + opened.length);
  }
  switch (places.at(-1)) {
    case "double":
      if (char === '"') places.pop();
      return quiet(at + 1);
    case "words":
      if (char === "}") places.pop();
      return quiet(at + 1);
    case "arithmetic":
      if (!script.startsWith("))", at)) return quiet(at + 1);
      places.pop();
      return quiet(at + 2);
    case "group":
      if (char === ")") places.pop();
      return quiet(at + 1);
    case "braces":
      if (char === "}") places.pop();
      break;
    case "ticks":
      if (char === "`") places.pop();
      break;
    default:
      if (char === ")" && places.length > 1) places.pop();
  }
  return unquotedStep(script, at, amongCommands(places));
}

/** A single-quoted text and a comment are one step. */
function unquotedStep(script: string, at: number, commands: boolean): Step {
  const char = script[at] ?? "";
  if (char === "#" && commands && isWordStart(script, at)) return quiet(before(script, "\n", at));
  if (char === "'") return quiet(before(script, "'", at + 1) + 1);
  if (!script.startsWith("$'", at)) return { next: at + 1, plain: char };
  const [text = ""] = /^\$'(?:\\[\s\S]|[^'\\])*'?/.exec(script.slice(at)) ?? [];
  return quiet(at + text.length);
}

/** A line that is continued has no blank at its end. */
function isWordStart(script: string, at: number): boolean {
  let before = at - 1;
  while (script[before] === "\n" && script[before - 1] === "\\") before -= 2;
  return before < 0 || /[\s;&|(`]/.test(script[before] ?? "");
}

function before(script: string, end: string, from: number): number {
  const at = script.indexOf(end, from);
  return at === -1 ? script.length : at;
}

/** A pattern is taken away from the value: quotes count in it. */
const trimming = /\$\{(\w+|[@*#?$!-])[#%]/y;

function isPlainWord(script: string, at: number, place: ShellPlace | undefined): boolean {
  trimming.lastIndex = at;
  return (place === "double" || place === "words") && !trimming.test(script);
}

function opens(script: string, at: number, places: readonly ShellPlace[], forSh: boolean) {
  const place = places.at(-1);
  const char = script[at];
  if (script.startsWith("$((", at)) return { place: "arithmetic", length: 3 } as const;
  if (script.startsWith("$(", at)) return { place: "commands", length: 2 } as const;
  if (script.startsWith("${", at))
    return { place: forSh && isPlainWord(script, at, place) ? "words" : "braces", length: 2 } as const;
  if (char === "`" && place !== "ticks") return { place: "ticks", length: 1 } as const;
  if (char === '"' && place !== "double" && place !== "arithmetic" && place !== "group")
    return { place: "double", length: 1 } as const;
  if (char !== "(") return null;
  if (place === "arithmetic" || place === "group") return { place: "group", length: 1 } as const;
  if (!amongCommands(places)) return null;
  const isArithmetic = script[at + 1] === "(" && (at === 0 || /[\s;&|(]/.test(script[at - 1] ?? ""));
  return isArithmetic
    ? ({ place: "arithmetic", length: 2 } as const)
    : ({ place: "commands", length: 1 } as const);
}
