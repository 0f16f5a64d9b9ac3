import {
  type Invocation,
  parameterName,
  readInvocation,
  type TaskAction,
  type TaskProblem,
} from "./scheduled-task.ts";

const policies = /^(AllSigned|Bypass|Default|RemoteSigned|Restricted|Undefined|Unrestricted)$/i;

/** What is wrong with one action; `at` is an offset in its line. */
export function taskProblems({ line, fromXml, hasFolder }: TaskAction): TaskProblem[] {
  const curly = line.search(/[“”„]/);
  if (curly >= 0) return [{ code: "typographic-quotes", at: curly, value: line.charAt(curly) }];
  const read = readInvocation(line);
  if (!read) return [];
  if (read.open) return [{ code: "open-quote", at: line.lastIndexOf('"'), value: '"' }];
  const problems: TaskProblem[] = [];
  const first = read.program[0];
  const path = read.program.map(({ value }) => value).join(" ");
  if (!fromXml && first && read.program.length > 1 && /^[a-z]:\\/i.test(path))
    problems.push({ code: "program-unquoted", at: first.start, value: path });
  return [...problems, ...switchProblems(read, line), ...runProblems(read, line, hasFolder)];
}

function switchProblems({ switches, policy, program, mode, rest }: Invocation, line: string): TaskProblem[] {
  const at = program.at(-1)?.start ?? 0;
  const later = mode === "File" ? rest.slice(1).map(({ value }) => parameterName(value)) : [];
  const missing = (name: string) => !switches.has(name) && !later.includes(name);
  const problems: TaskProblem[] = [];
  if (missing("NonInteractive")) problems.push({ code: "may-prompt", at, value: "-NonInteractive" });
  if (missing("NoProfile")) problems.push({ code: "profile-loaded", at, value: "-NoProfile" });
  if (missing("ExecutionPolicy") && /\.ps1/i.test(line))
    problems.push({ code: "policy-unset", at, value: "-ExecutionPolicy" });
  if (policy && !policies.test(policy.value))
    problems.push({ code: "policy-invalid", at: policy.start, value: policy.value });
  if (policy && /^Restricted$/i.test(policy.value) && /\.ps1/i.test(line))
    problems.push({ code: "policy-forbids", at: policy.start, value: policy.value });
  const stays = switches.get("NoExit");
  if (stays) problems.push({ code: "never-ends", at: stays.start, value: stays.value });
  return problems;
}

function runProblems({ mode, rest, program }: Invocation, line: string, hasFolder: boolean): TaskProblem[] {
  const at = program.at(-1)?.start ?? 0;
  if (rest.length === 0) return [{ code: "nothing-to-run", at, value: line.trim() }];
  if (mode === "File") return fileProblems(rest, hasFolder);
  if (mode !== "Command") return [];
  const start = rest[0]?.start ?? 0;
  return commandProblems(line.slice(start), start);
}

function fileProblems(rest: Invocation["rest"], hasFolder: boolean): TaskProblem[] {
  const [file, ...others] = rest;
  if (!file) return [];
  const { start, value } = file;
  if (value.startsWith("'")) return [{ code: "single-quotes", at: start, value }];
  const problems: TaskProblem[] = [];
  const end = others.findIndex((word) => /\.ps1$/i.test(word.value));
  const dash = others.findIndex((word) => word.value.startsWith("-"));
  if (!file.quoted && !/\.ps1$/i.test(value) && end >= 0 && (dash < 0 || end < dash)) {
    const whole = rest.slice(0, end + 2).map((word) => word.value);
    problems.push({ code: "file-unquoted", at: start, value: whole.join(" ") });
  } else if (!hasFolder && !/^([a-z]:[\\/]|\\\\|%[^%]+%|-$)/i.test(value))
    problems.push({ code: "relative-path", at: start, value });
  for (const word of others)
    if (
      /^(NonInteractive|NoProfile|ExecutionPolicy|NoLogo|WindowStyle)$/.test(parameterName(word.value) ?? "")
    )
      if (word.value.length > 6)
        // A short word may well be the script's own parameter.
        problems.push({ code: "after-file", at: word.start, value: word.value });
  const name = value.split(/[\\/]/).at(-1) ?? "";
  if (/exchange/i.test(name)) problems.push({ code: "session-unseen", at: start, value: name });
  return problems;
}

type Statement = { text: string; at: number };

/** Statements parted by semicolons outside single quotes; the outer double quotes are Windows' own. */
function statementsOf(command: string, start: number): Statement[] {
  return [...command.matchAll(/(?:'[^']*'|[^;'])+/g)].map(({ 0: part, index }) => {
    const lead = /^["\s]*/.exec(part)?.[0].length ?? 0;
    return { text: part.slice(lead).replace(/["\s]+$/, ""), at: start + index + lead };
  });
}

function commandProblems(command: string, start: number): TaskProblem[] {
  const statements = statementsOf(command, start);
  const problems = statements.flatMap(({ text, at }): TaskProblem[] => {
    if (/^'[^']*\.ps1'/i.test(text)) return [{ code: "only-printed", at, value: text }];
    const unquoted = /^(?:[.&]\s*)?([a-z]:\\[^'";|]*?\.ps1)/i.exec(text)?.[1];
    // What ends like a program before the first blank is one, and the script its argument.
    const program = /^\S+\.(exe|com|cmd|bat|ps1)\s/i;
    if (unquoted && /\s/.test(unquoted) && !/\s-/.test(unquoted) && !program.test(unquoted))
      return [{ code: "path-unquoted", at: at + text.indexOf(unquoted), value: unquoted }];
    return [];
  });
  return [...problems, ...sessionProblems(statements)];
}

function sessionProblems(statements: readonly Statement[]): TaskProblem[] {
  const load = statements.findIndex(({ text }) => /RemoteExchange\.ps1/i.test(text));
  const connect = statements.findIndex(({ text }) => /^Connect-ExchangeServer\b/i.test(text));
  const script = statements.findIndex(
    ({ text }) => /\.ps1/i.test(text) && !/RemoteExchange\.ps1/i.test(text),
  );
  const where = (index: number) => statements[index] ?? { text: "", at: 0 };
  const say = (code: string, index: number): TaskProblem[] => [
    { code, at: where(index).at, value: where(index).text },
  ];
  if (load < 0 && connect < 0) {
    const own = where(script).text;
    return script >= 0 && /exchange\w*\.ps1/i.test(own) ? say("session-unseen", script) : [];
  }
  if (connect < 0) return say("not-connected", load);
  if (load < 0 || connect < load) return say("connect-before-load", connect);
  if (script >= 0 && script < connect) return say("script-before-session", script);
  const { text } = where(load);
  return /^(&|[a-z]:|\\\\|\$env:)/i.test(text) ? say("session-not-kept", load) : [];
}
