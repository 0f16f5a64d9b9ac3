import { createTwoFilesPatch } from "diff";
import { DockerfileParser, type Instruction } from "dockerfile-ast";

/** What a Dockerfile's variables come to where they are used, by the builder's rules of scope. */

/** `line` and `column` begin with 1. */
export type Place = { line: number; column: number };
export type Use = Place & { name: string; instruction: string; hasDefault: boolean };
export type ArgProblem = Use & {
  problem: "not-redeclared" | "before-declaration" | "unknown-in-from" | "not-at-runtime" | "not-expanded";
  /** the line that declares it, where one does */
  declaredAt?: number;
  /** what is put in to mend it: text below the line `after` (0: at the top) */
  fix?: { after: number; text: string };
};
export type ReadDockerfile = { stages: number; args: number; problems: ArgProblem[] };

/** Arguments the builder knows without a declaration, in FROM; in a stage they have to be declared. */
const platformArgs = new Set(
  ["PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"].flatMap((end) => [`TARGET${end}`, `BUILD${end}`]),
);
/** Those it hands to every RUN. */
const proxyArgs = /^(https?|ftp|no|all)_proxy$/i;
const atRuntime = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK"]);
/** The builder expands nothing in these: a shell may, or nobody. */
const leftToShell = new Set(["RUN", ...atRuntime]);

type Stage = { name: string | undefined; from: number; args: Map<string, number>; env: Set<string> };

/** undefined: there is no FROM, so this is no Dockerfile. */
export function readDockerfile(text: string): ReadDockerfile | undefined {
  const parsed = DockerfileParser.parse(text);
  const instructions = parsed.getInstructions();
  if (!instructions.some((each) => each.getKeyword() === "FROM")) return undefined;
  const lines = text.split(/\r?\n/);
  // A parser directive is one only while nothing stands above it.
  const top = Math.max(0, ...parsed.getDirectives().map((each) => each.getRange().end.line + 1));
  const global = new Map<string, number>();
  const stages: Stage[] = [];
  const problems: ArgProblem[] = [];
  let args = 0;
  for (const instruction of instructions) {
    const keyword = instruction.getKeyword();
    const stage = stages.at(-1);
    if (keyword === "FROM") {
      problems.push(...usesOf(instruction).flatMap((use) => inFrom(use, global, top)));
      stages.push(openStage(instruction, stages));
      continue;
    }
    const scope = stage ? { stage, global, declaredLater: laterArgs(instruction, instructions) } : undefined;
    if (scope) problems.push(...judgeUses(instruction, lines, scope));
    if (keyword === "ARG") {
      for (const name of namesOf(instruction)) {
        args += 1;
        (stage?.args ?? global).set(name, lineOf(instruction));
      }
    } else if (keyword === "ENV") for (const name of namesOf(instruction)) stage?.env.add(name);
  }
  return { stages: stages.length, args, problems: once(problems) };
}

const lineOf = (instruction: Instruction) => instruction.getRange().start.line + 1;

/** Names on the left of an ARG or ENV: `A=1 B=2`, `A`, or the old `ENV A value`. */
function namesOf(instruction: Instruction): string[] {
  const words = instruction.getArguments().map((argument) => argument.getValue());
  const old = instruction.getKeyword() === "ENV" && !words[0]?.includes("=");
  return (old ? words.slice(0, 1) : words).map((word) => word.split("=")[0] ?? "").filter(Boolean);
}

/** A stage that stands on an earlier one has its arguments and its environment. */
function openStage(from: Instruction, earlier: readonly Stage[]): Stage {
  const words = from.getArguments().map((argument) => argument.getValue());
  const as = words.findIndex((word) => word.toLowerCase() === "as");
  const parent = earlier.findLast(({ name }) => name !== undefined && name === words[0]?.toLowerCase());
  return {
    name: as > 0 ? words[as + 1]?.toLowerCase() : undefined,
    from: from.getRange().end.line + 1,
    args: new Map(parent?.args),
    env: new Set(parent?.env),
  };
}

function usesOf(instruction: Instruction): Use[] {
  return instruction.getVariables().map((variable) => {
    const { line, character } = variable.getRange().start;
    const hasDefault = /^[-+]$/.test(variable.getModifier() ?? "") && !!variable.getSubstitutionParameter();
    const place = { line: line + 1, column: character + 1 };
    return { ...place, name: variable.getName(), instruction: instruction.getKeyword(), hasDefault };
  });
}

function inFrom(use: Use, global: ReadonlyMap<string, number>, top: number): ArgProblem[] {
  if (global.has(use.name) || platformArgs.has(use.name) || use.hasDefault) return [];
  return [{ ...use, problem: "unknown-in-from", fix: { after: top, text: `ARG ${use.name}` } }];
}

type Scope = {
  stage: Stage;
  global: ReadonlyMap<string, number>;
  declaredLater: ReadonlyMap<string, number>;
};

/** ARGs of the same stage that stand below an instruction, by name, with their line. */
function laterArgs(at: Instruction, all: readonly Instruction[]): Map<string, number> {
  const later = new Map<string, number>();
  for (const each of all.slice(all.indexOf(at) + 1)) {
    if (each.getKeyword() === "FROM") break;
    if (each.getKeyword() !== "ARG") continue;
    for (const name of namesOf(each)) if (!later.has(name)) later.set(name, lineOf(each));
  }
  return later;
}

function judgeUses(instruction: Instruction, lines: readonly string[], scope: Scope): ArgProblem[] {
  const { stage, global, declaredLater } = scope;
  const own = leftToShell.has(instruction.getKeyword()) ? shellNames(instruction) : new Set<string>();
  return usesOf(instruction).flatMap((use): ArgProblem[] => {
    const { name } = use;
    const known =
      stage.args.has(name) || global.has(name) || declaredLater.has(name) || platformArgs.has(name);
    if (!known || own.has(name) || proxyArgs.test(name)) return [];
    if (leftToShell.has(use.instruction) && isQuoted(use, instruction, lines)) return [];
    if (atRuntime.has(use.instruction)) return runtimeProblem(use, instruction, scope);
    if (stage.env.has(name) || stage.args.has(name)) return [];
    const later = declaredLater.get(name);
    if (later !== undefined) return [{ ...use, problem: "before-declaration", declaredAt: later }];
    const fix = { after: stage.from, text: `ARG ${name}` };
    const declaredAt = global.get(name);
    return [{ ...use, problem: "not-redeclared", ...(declaredAt && { declaredAt }), fix }];
  });
}

/** When the container runs, arguments are gone; and without a shell nobody expands anything. */
function runtimeProblem(use: Use, instruction: Instruction, { stage, global }: Scope): ArgProblem[] {
  const { name } = use;
  const declaredAt = stage.args.get(name) ?? global.get(name);
  if (isExecForm(instruction))
    return [{ ...use, problem: "not-expanded", ...(declaredAt && { declaredAt }) }];
  if (stage.env.has(name)) return [];
  const declare = stage.args.has(name) ? "" : `ARG ${name}\n`;
  const fix = { after: lineOf(instruction) - 1, text: `${declare}ENV ${name}=$${name}` };
  return [{ ...use, problem: "not-at-runtime", ...(declaredAt && { declaredAt }), fix }];
}

function isExecForm(instruction: Instruction): boolean {
  const text = (instruction.getArgumentsContent() ?? "").replace(/^(--\S+\s+)*(CMD\s+)?/i, "").trim();
  if (!text.startsWith("[")) return false;
  try {
    const words: unknown = JSON.parse(text);
    // A shell among the words expands what it is given.
    return Array.isArray(words) && !/(^|\/)(ba|da|z|k)?sh$/.test(String(words[0]));
  } catch {
    return false;
  }
}

/** Names a shell sets by itself in this instruction. */
function shellNames(instruction: Instruction): Set<string> {
  const text = instruction.getRawArgumentsContent() ?? "";
  const set =
    /(?:^|[\s;&|(])(?:(?:export|local|readonly)\s+)?([A-Za-z_]\w*)=|\b(?:for|read(?:\s+-\w+)*)\s+([A-Za-z_]\w*)/g;
  return new Set([...text.matchAll(set)].map(([, assigned, read]) => assigned ?? read ?? ""));
}

/** Whether a place stands in single quotes of the instruction's text, where a shell expands nothing. */
function isQuoted({ line, column }: Place, instruction: Instruction, lines: readonly string[]): boolean {
  const first = instruction.getRange().start.line;
  const before = [...lines.slice(first, line - 1), lines[line - 1]?.slice(0, column - 1)].join("\n");
  let quote = "";
  for (let at = 0; at < before.length; at += 1) {
    const letter = before[at] ?? "";
    if (letter === "\\" && quote !== "'") at += 1;
    else if (quote === "" && (letter === "'" || letter === '"')) quote = letter;
    else if (letter === quote) quote = "";
  }
  return quote === "'";
}

/** The same name in the same instruction is one problem, at its first place. */
function once(problems: readonly ArgProblem[]): ArgProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ name, instruction, line, problem }) => {
    const key = `${name} ${instruction} ${line} ${problem}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The file with every fix put in, and the way there as a unified diff; both empty where there is nothing to put in. */
export function correction(
  text: string,
  problems: readonly ArgProblem[],
): { corrected: string; diff: string } {
  const wanted = new Map<number, Set<string>>();
  for (const { fix } of problems) {
    if (!fix) continue;
    const at = wanted.get(fix.after) ?? new Set();
    for (const line of fix.text.split("\n")) at.add(line);
    wanted.set(fix.after, at);
  }
  if (wanted.size === 0) return { corrected: "", diff: "" };
  const added = (after: number) => [...(wanted.get(after) ?? [])];
  const lines = text.split("\n").flatMap((line, index) => [line, ...added(index + 1)]);
  const corrected = [...added(0), ...lines].join("\n");
  const name = "Dockerfile";
  const patch = createTwoFilesPatch(name, name, text, corrected, "", "", { context: 2 });
  return { corrected, diff: patch.slice(patch.indexOf("---")) };
}
