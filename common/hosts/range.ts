export const maxHosts = 5_000;

export type HostEntry = {
  host: string;
  /** only where the line names it */
  user?: string;
  port?: number;
};
export type RangeProblem =
  | "not-a-host"
  | "not-a-user"
  | "not-a-port"
  | "unclosed-range"
  | "empty-range"
  | "not-a-range"
  | "backwards-range"
  | "too-many";
/** Where in the text, from 1; `part` is what it is about. */
export type RangeError = { line: number; column: number; problem: RangeProblem; part: string };
export type Expanded = { hosts: HostEntry[]; errors: RangeError[] };

/**
 * Hosts of a list: names and addresses, ranges (`node[01-40].example`, `rack[a-c]-[1-4]`), by comma or line, each with
 * `user@` and `:port` if it likes; `#` begins a comment. Each host once, in the order written.
 */
export function expandHosts(text: string): Expanded {
  const found = new Map<string, HostEntry>();
  const errors: RangeError[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const code = line.replace(/#.*$/, "");
    for (const { part, column } of splitParts(code)) {
      const at = { line: index + 1, column };
      const read = readPart(part, maxHosts + 1 - found.size);
      if ("problem" in read) {
        errors.push({ line: at.line, column: column + read.offset, problem: read.problem, part });
        if (read.problem === "too-many") return { hosts: [...found.values()], errors };
        continue;
      }
      for (const entry of read) found.set(keyOf(entry), found.get(keyOf(entry)) ?? entry);
      if (found.size <= maxHosts) continue;
      errors.push({ ...at, problem: "too-many", part });
      return { hosts: [...found.values()].slice(0, maxHosts), errors };
    }
  }
  return { hosts: [...found.values()], errors };
}

function keyOf({ user, host, port }: HostEntry): string {
  return `${user ?? ""}@${host.toLowerCase()}:${port ?? ""}`;
}

/** Commas inside brackets belong to the range. */
function splitParts(line: string): { part: string; column: number }[] {
  const parts: { part: string; column: number }[] = [];
  let [start, depth] = [0, 0];
  for (let at = 0; at <= line.length; at += 1) {
    const character = line[at];
    if (character === "[") depth += 1;
    if (character === "]") depth = Math.max(0, depth - 1);
    if (at < line.length && (depth > 0 || !(character === "," || character === " " || character === "\t")))
      continue;
    if (at > start) parts.push({ part: line.slice(start, at), column: start + 1 });
    start = at + 1;
  }
  return parts;
}

type Refused = { problem: RangeProblem; offset: number };

function readPart(part: string, room: number): HostEntry[] | Refused {
  const at = part.lastIndexOf("@");
  const user = at === -1 ? undefined : part.slice(0, at);
  if (user !== undefined && !isUser(user)) return { problem: "not-a-user", offset: 0 };
  const rest = part.slice(at + 1);
  const split = splitPort(rest);
  if (split.port !== undefined && !isPort(split.port)) {
    return { problem: "not-a-port", offset: at + 1 + split.host.length + 1 };
  }
  const names = expand(split.host, room);
  if ("problem" in names) return { ...names, offset: names.offset + at + 1 + split.offset };
  const port = split.port === undefined ? undefined : Number(split.port);
  const entries: HostEntry[] = [];
  for (const name of names) {
    if (!isHost(name)) return { problem: "not-a-host", offset: at + 1 };
    entries.push({
      host: name,
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port }),
    });
  }
  return entries;
}

/** `[2001:db8::1]:22` and `2001:db8::1` are addresses; elsewhere brackets are ranges. */
function splitPort(text: string): { host: string; port?: string; offset: number } {
  const bracketed = /^\[([0-9a-f.]*:[0-9a-f:.]*)\](?::(.*))?$/i.exec(text);
  if (bracketed) return { host: bracketed[1] ?? "", port: bracketed[2], offset: 1 };
  const colons = text.split(":").length - 1;
  if (colons !== 1) return { host: text, offset: 0 };
  const colon = text.indexOf(":");
  return { host: text.slice(0, colon), port: text.slice(colon + 1), offset: 0 };
}

function expand(text: string, room: number): string[] | Refused {
  const open = text.indexOf("[");
  if (open === -1) {
    const stray = text.indexOf("]");
    return stray === -1 ? [text] : { problem: "unclosed-range", offset: stray };
  }
  const close = text.indexOf("]", open);
  const nested = text.indexOf("[", open + 1);
  if (close === -1 || (nested !== -1 && nested < close)) return { problem: "unclosed-range", offset: open };
  const choices = readRange(text.slice(open + 1, close), room);
  if ("problem" in choices) return { problem: choices.problem, offset: open + 1 + choices.offset };
  const rest = expand(text.slice(close + 1), room);
  if ("problem" in rest) return { problem: rest.problem, offset: close + 1 + rest.offset };
  if (choices.length * rest.length > room) return { problem: "too-many", offset: open };
  const head = text.slice(0, open);
  return choices.flatMap((choice) => rest.map((tail) => `${head}${choice}${tail}`));
}

function readRange(body: string, room: number): string[] | Refused {
  if (body.trim() === "") return { problem: "empty-range", offset: 0 };
  const choices: string[] = [];
  let offset = 0;
  for (const item of body.split(",")) {
    const read = readItem(item.trim(), room);
    if (typeof read === "string") return { problem: read, offset };
    choices.push(...read);
    if (choices.length > room) return { problem: "too-many", offset };
    offset += item.length + 1;
  }
  return choices;
}

function readItem(item: string, room: number): string[] | RangeProblem {
  if (/^[a-z0-9]+$/i.test(item)) return [item];
  const numbers = /^(\d{1,9})-(\d{1,9})$/.exec(item);
  if (numbers) {
    const [first = "", last = ""] = numbers.slice(1);
    const [from, to] = [Number(first), Number(last)];
    if (to < from) return "backwards-range";
    if (to - from >= room) return "too-many";
    // As many digits as the first is written with: 01-12 keeps its zeros.
    const width = first.startsWith("0") ? first.length : 1;
    return Array.from({ length: to - from + 1 }, (_, index) => String(from + index).padStart(width, "0"));
  }
  const letters = /^([a-z])-([a-z])$/.exec(item) ?? /^([A-Z])-([A-Z])$/.exec(item);
  if (!letters) return "not-a-range";
  const [from, to] = [letters[1]?.charCodeAt(0) ?? 0, letters[2]?.charCodeAt(0) ?? 0];
  if (to < from) return "backwards-range";
  return Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index));
}

/** A plain name, or an address in its usual spelling; whether it may be connected to is judged when it is. */
function isHost(text: string): boolean {
  if (text.includes(":")) return text.length <= 45 && /^[0-9a-f:]+(\d{1,3}(\.\d{1,3}){3})?$/i.test(text);
  const labels = text.split(".");
  const isAddress =
    labels.length === 4 && labels.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  if (isAddress) return true;
  if (text.length > 253 || /^(\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? "")) return false;
  return labels.every((part) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(part));
}

/** What useradd takes, and what other systems name people: no option, no path. */
export function isUser(text: string): boolean {
  return /^[a-z_][a-z0-9_.@\\-]{0,63}\$?$/i.test(text);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
