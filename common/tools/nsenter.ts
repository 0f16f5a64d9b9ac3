import { shellWord } from "../kubernetes/shell.ts";
import type { CommandStep } from "./command-step.ts";

/** The command that enters chosen namespaces of a process, and what to mind with that choice. */

export const namespaceKinds = ["mnt", "net", "pid", "uts", "ipc", "cgroup", "user", "time"] as const;
export type NamespaceKind = (typeof namespaceKinds)[number];

const letters: Record<NamespaceKind, string> = {
  mnt: "m",
  net: "n",
  pid: "p",
  uts: "u",
  ipc: "i",
  cgroup: "C",
  user: "U",
  time: "T",
};

export const processSources = ["pid", "docker", "crictl"] as const;
export type ProcessSource = (typeof processSources)[number];

export type NsenterInput = {
  source: ProcessSource;
  /** a process id, or the name or id of a container */
  target: string;
  kinds: readonly NamespaceKind[];
  /** as it is typed: words separated by blanks, quotes around those that hold some */
  command: string;
};
export type NsenterField = "target" | "kinds" | "command";

const container = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
/** The largest number that Linux gives to a process. */
const mostPid = 4_194_304;

function isTarget({ source, target }: NsenterInput): boolean {
  if (source !== "pid") return container.test(target);
  return /^[1-9]\d*$/.test(target) && Number(target) <= mostPid;
}

/** Words as a shell would make them of plain text and quotes; null where a quote is not closed. */
export function wordsOf(text: string): string[] | null {
  const words: string[] = [];
  const pattern = /\s*((?:[^\s"']+|"[^"]*"|'[^']*')+)/y;
  while (pattern.lastIndex < text.trimEnd().length) {
    const word = pattern.exec(text)?.[1];
    if (word === undefined) return null;
    words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
  }
  return words;
}

export function nsenterProblems(input: NsenterInput): NsenterField[] {
  const problems: NsenterField[] = [];
  if (!isTarget(input)) problems.push("target");
  if (input.kinds.length === 0) problems.push("kinds");
  if (wordsOf(input.command) === null) problems.push("command");
  return problems;
}

function findProcess({ source, target }: NsenterInput): string {
  const name = shellWord(target);
  if (source === "docker") return `PID=$(docker inspect --format '{{.State.Pid}}' ${name})`;
  if (source === "crictl")
    return `PID=$(crictl inspect --output go-template --template '{{.info.pid}}' ${name})`;
  return `PID=${name}`;
}

/** The switches in one order; every kind there is has a switch of its own. */
export function switchesOf(kinds: readonly NamespaceKind[]): string[] {
  if (namespaceKinds.every((kind) => kinds.includes(kind))) return ["--all"];
  return namespaceKinds.filter((kind) => kinds.includes(kind)).map((kind) => `-${letters[kind]}`);
}

/** Find the process, see what it shares with the shell at hand, enter, and see that one is there. */
export function nsenterSteps(input: NsenterInput): CommandStep[] {
  const switches = switchesOf(input.kinds).join(" ");
  const words = (wordsOf(input.command) ?? []).map(shellWord).join(" ");
  const links = namespaceKinds.filter((kind) => input.kinds.includes(kind));
  const compare = links
    .map((kind) => `sudo readlink /proc/self/ns/${kind} "/proc/$PID/ns/${kind}"`)
    .join("\n");
  return [
    { id: "find", code: findProcess(input) },
    { id: "look", code: `sudo lsns --task "$PID"\n${compare}` },
    { id: "enter", code: `sudo nsenter --target "$PID" ${switches}${words === "" ? "" : ` -- ${words}`}` },
  ];
}

export const nsenterNotes = [
  "needs-mount",
  "image-programs",
  "host-programs",
  "user-first",
  "name-resolution",
] as const;
export type NsenterNote = (typeof nsenterNotes)[number];

/** What a choice of namespaces makes surprising. */
export function notesOf({ kinds, command }: NsenterInput): NsenterNote[] {
  const has = (kind: NamespaceKind) => kinds.includes(kind);
  const [program = ""] = wordsOf(command) ?? [];
  const notes: NsenterNote[] = [];
  if (has("pid") && !has("mnt") && /(^|\/)(ps|top|pgrep|lsof|ss)$/.test(program)) notes.push("needs-mount");
  if (has("net") && !has("mnt")) notes.push("host-programs", "name-resolution");
  if (has("mnt")) notes.push("image-programs");
  if (has("user")) notes.push("user-first");
  return notes;
}
