import { splitArguments, type WindowsArgument } from "#common/windows-arguments.ts";

/** One action of a task; `places` says for each character of `line` where it stands in the document. */
export type TaskAction = {
  line: string;
  places: readonly number[];
  fromXml: boolean;
  /** the task names the folder it starts in */
  hasFolder: boolean;
};

export type TaskProblem = { code: string; at: number; value: string };

const shell = /(^|[\\/])(powershell|pwsh)(\.exe)?$/i;
const entities: Record<string, string> = { quot: '"', apos: "'", amp: "&", lt: "<", gt: ">" };

/** The actions that start PowerShell: those of a task's XML, or each line that names it. */
export function taskActions(text: string): TaskAction[] {
  const actions = /<(\w+:)?Exec[\s>]/.test(text) ? xmlActions(text) : lineActions(text);
  return actions.filter(({ line }) => /(powershell|pwsh)(\.exe)?["'”]?(\s|$)/i.test(line));
}

function lineActions(text: string): TaskAction[] {
  return [...text.matchAll(/^[^\r\n]+/gm)]
    .filter(([line]) => !/^\s*(#|::|rem\s)/i.test(line))
    .map(({ 0: line, index }) => ({
      line,
      places: range(index, line.length),
      fromXml: false,
      hasFolder: false,
    }));
}

const range = (from: number, length: number) => Array.from({ length }, (_, at) => from + at);

function xmlActions(text: string): TaskAction[] {
  return [...text.matchAll(/<(?:\w+:)?Exec[\s>][\s\S]*?<\/(?:\w+:)?Exec>/g)].map(({ 0: exec, index }) => {
    const program = element(exec, index, "Command");
    const rest = element(exec, index, "Arguments");
    // The scheduler takes the element as a whole: blanks in it part nothing.
    const bare = program.line.trim().replace(/^"(.*)"$/, "$1");
    const line = `"${bare}" ${rest.line}`;
    const start = program.places[0] ?? index;
    const hasFolder = element(exec, index, "WorkingDirectory").line.trim() !== "";
    const places = [...Array(bare.length + 3).fill(start), ...rest.places];
    return { line, places, fromXml: true, hasFolder };
  });
}

function element(exec: string, base: number, name: string): { line: string; places: number[] } {
  const found = new RegExp(`<(?:\\w+:)?${name}>([\\s\\S]*?)</`).exec(exec);
  const raw = found?.[1] ?? "";
  const start = base + (found ? found.index + found[0].indexOf(">") + 1 : 0);
  let line = "";
  const places: number[] = [];
  for (const { 0: part, index } of raw.matchAll(/&(\w+);|[\s\S]/g)) {
    const char = entities[part.slice(1, -1)] ?? part;
    for (let at = 0; at < char.length; at += 1) places.push(start + index);
    line += char;
  }
  return { line, places };
}

export type Invocation = {
  switches: ReadonlyMap<string, WindowsArgument>;
  policy: WindowsArgument | undefined;
  mode: "File" | "Command" | "EncodedCommand" | "none";
  rest: readonly WindowsArgument[];
  program: readonly WindowsArgument[];
  open: boolean;
};

const names = [
  ...["Command", "ConfigurationName", "ConfigurationFile", "CustomPipeName", "EncodedCommand"],
  ...["ExecutionPolicy", "File", "InputFormat", "Interactive", "Login", "Mta", "NoExit", "NoLogo"],
  ...["NonInteractive", "NoProfile", "NoProfileLoadTime", "OutputFormat", "PSConsoleFile", "SettingsFile"],
  ...["SSHServerMode", "Sta", "Version", "WindowStyle", "WorkingDirectory"],
];
const aliases: Record<string, string> = {
  ep: "ExecutionPolicy",
  ec: "EncodedCommand",
  wd: "WorkingDirectory",
  commandwithargs: "Command",
  cwa: "Command",
};
const valued =
  /^(Configuration(Name|File)|CustomPipeName|ExecutionPolicy|InputFormat|OutputFormat|PSConsoleFile|SettingsFile|Version|WindowStyle|WorkingDirectory)$/;
// Where a short form begins several names, PowerShell takes these.
const short: Record<string, string> = {
  c: "Command",
  e: "EncodedCommand",
  ex: "ExecutionPolicy",
  w: "WindowStyle",
};

/** A parameter of PowerShell itself; it may be cut short and begins with a dash or a slash. */
export function parameterName(word: string): string | undefined {
  const said = /^(?:--?|\/)([a-z]+)$/i.exec(word)?.[1]?.toLowerCase();
  if (!said) return undefined;
  return aliases[said] ?? short[said] ?? names.find((name) => name.toLowerCase().startsWith(said));
}

export function readInvocation(line: string): Invocation | null {
  const { words, open } = splitArguments(line);
  const end = words.findIndex(({ value }) => shell.test(value));
  if (end < 0) return null;
  const program = words.slice(0, end + 1);
  const switches = new Map<string, WindowsArgument>();
  let policy: WindowsArgument | undefined;
  let at = end + 1;
  for (; at < words.length; at += 1) {
    const word = words[at];
    if (!word) break;
    const name = parameterName(word.value);
    if (name === "File" || name === "Command" || name === "EncodedCommand")
      return { switches, policy, mode: name, rest: words.slice(at + 1), program, open };
    if (!name) break;
    switches.set(name, word);
    if (!valued.test(name)) continue;
    at += 1;
    if (name === "ExecutionPolicy") policy = words[at];
  }
  const rest = words.slice(at);
  const bare = /pwsh(\.exe)?$/i.test(program.at(-1)?.value ?? "") ? "File" : "Command";
  return { switches, policy, mode: rest.length > 0 ? bare : "none", rest, program, open };
}
