import { shellWord } from "#common/kubernetes/shell.ts";

export const hereForms = ["plain", "quoted", "dash", "dashQuoted", "string"] as const;
export type HereForm = (typeof hereForms)[number];

export type HereInput = {
  form: HereForm;
  delimiter: string;
  text: string;
  variables: Record<string, string>;
};

export type HereNotice = "ends-early" | "command-runs" | "left-alone" | "spaces-stay" | "not-posix";
export type HereResult = { received: string; notices: HereNotice[] };

export const isDelimiter = (word: string) => /^[A-Za-z0-9_]{1,40}$/.test(word);

/** "NAME=web PORT=8080" or one on each line. */
export function readVariables(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(?:^|\s)([A-Za-z_]\w*)=(\S*)/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value]));
}

const expands = (form: HereForm) => form === "plain" || form === "dash";
const strips = (form: HereForm) => form === "dash" || form === "dashQuoted";

/** The lines as a script holds them. */
export function hereScript({ form, delimiter, text, variables }: HereInput): string {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}`);
  const word = form === "quoted" || form === "dashQuoted" ? `'${delimiter}'` : delimiter;
  const lines =
    form === "string"
      ? [`cat <<< "${text.replaceAll(/["`\\]/g, "\\$&")}"`]
      : [`cat <<${strips(form) ? "-" : ""}${word}`, text, delimiter];
  return [...set, ...lines].join("\n");
}

/** What the command reads on its standard input. Nothing is run: a command in the text is left and told. */
export function hereReceived({ form, delimiter, text, variables }: HereInput): HereResult {
  const notices = new Set<HereNotice>();
  if (form === "string") {
    notices.add("not-posix");
    return { received: `${expanded(text, variables, notices)}\n`, notices: [...notices] };
  }
  const raw = text.split("\n");
  const lines = strips(form) ? raw.map((line) => line.replace(/^\t+/, "")) : raw;
  if (strips(form) && raw.some((line) => /^\t* +\S/.test(line))) notices.add("spaces-stay");
  const end = endOf(lines, delimiter, expands(form));
  if (end !== -1) notices.add("ends-early");
  const body = end === -1 ? lines : lines.slice(0, end);
  const joined = body.map((line) => `${line}\n`).join("");
  const received = expands(form) ? expanded(joined, variables, notices) : joined;
  return { received, notices: [...notices] };
}

/** A line that is continued by a backslash swallows the next, which then is no delimiter. */
function endOf(lines: string[], delimiter: string, isExpanding: boolean): number {
  return lines.findIndex((line, at) => {
    const before = /\\*$/.exec(lines[at - 1] ?? "")?.[0].length ?? 0;
    return line === delimiter && !(isExpanding && before % 2 === 1);
  });
}

const piece =
  /\\([$`\\])|\\\n|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?:(:?-)([^{}$`\\"']*))?\}|\$\(|`|\$\{|\$[0-9@*#?$!-]/g;

function expanded(text: string, variables: Record<string, string>, notices: Set<HereNotice>): string {
  const value = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  return text.replaceAll(piece, (all: string, escaped?: string, plain?: string, braced?: string, ...rest) => {
    const [operator, fallback] = rest as [string | undefined, string | undefined];
    if (escaped !== undefined) return escaped;
    if (all === "\\\n") return "";
    if (plain !== undefined) return value(plain) ?? "";
    if (braced !== undefined) {
      const found = value(braced);
      const isMissing = operator === ":-" ? !found : found === undefined;
      return operator && isMissing ? (fallback ?? "") : (found ?? "");
    }
    if (all === "$(" || all === "`") notices.add("command-runs");
    else notices.add("left-alone");
    return all;
  });
}
