import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import type { ParamSpec, SourceSpec } from "./spec.ts";

/** What an expression is about: `object` of a list, `output` of a command, `response` of a request. */
export type Subject = "object" | "output" | "response";

const maxLength = 4_000;
const maxPatternLength = 500;
const limits = {
  maxAstNodes: 600,
  maxDepth: 40,
  maxListElements: 200,
  maxMapEntries: 200,
  maxCallArguments: 8,
};

/** `homogeneous` off: what clusters answer is of mixed types, and so may be what it is compared with. */
export const celOptions = { limits, homogeneousAggregateLiterals: false, enableOptionalTypes: true } as const;

const schemas = {
  output: { stdout: "string", stderr: "string", exitCode: "int", lines: "list<string>" },
  response: {
    status: "int",
    headers: "map<string, string>",
    body: "string",
    json: "dyn",
    phases: {
      lookupMs: "double",
      connectMs: "double",
      tlsMs: "double",
      firstByteMs: "double",
      totalMs: "double",
    },
  },
} as const;
const paramTypes = {
  integer: "int",
  number: "double",
  boolean: "bool",
  string: "string",
  enum: "string",
} as const;

export function subjectOf(source: SourceSpec): Subject {
  if (source.type === "kubernetes") return "object";
  return source.type === "http" ? "response" : "output";
}

/** The types an expression is checked against before it is ever run. */
export function createTypes(subject: Subject, params: readonly ParamSpec[]): Environment {
  const environment = new Environment(celOptions);
  if (subject === "object") environment.registerVariable("object", "dyn");
  else environment.registerVariable({ name: subject, schema: schemas[subject] });
  const schema = Object.fromEntries(params.map(({ name, type }) => [name, paramTypes[type]]));
  environment.registerVariable({ name: "params", schema });
  return environment;
}

export type ExpressionProblem = {
  at: number;
  code:
    | "expression"
    | "expression-type"
    | "expression-too-large"
    | "expression-bind"
    | "regex-literal"
    | "regex";
  detail: string;
};

/** The tree of an expression that may be run, or what is wrong with it and where. */
export function readExpression(
  text: string,
  types: Environment,
  wanted: "bool" | "any",
): { ast: ASTNode } | { problem: ExpressionProblem } {
  const refuse = (at: number, code: ExpressionProblem["code"], detail: string) => ({
    problem: { at, code, detail },
  });
  if (text.length > maxLength) return refuse(0, "expression-too-large", String(maxLength));
  try {
    const { ast } = types.parse(text);
    const result = types.check(text);
    if (!result.valid) return refuse(...failureOf(result.error));
    if (wanted === "bool" && result.type !== "bool" && result.type !== "dyn") {
      return refuse(0, "expression-type", result.type ?? "?");
    }
    const problem = refusedCall(ast);
    return problem ? { problem } : { ast };
  } catch (error) {
    return refuse(...failureOf(error));
  }
}

function failureOf(error: unknown): [number, "expression", string] {
  const { range, summary, message } = Object(error) as {
    range?: { start: number };
    summary?: string;
    message?: string;
  };
  return [range?.start ?? 0, "expression", (summary ?? message ?? "").split("\n")[0] ?? ""];
}

/** A pattern is known before the first run, so that it can be refused by place; `cel.bind` would only obscure cost. */
function refusedCall(node: ASTNode): ExpressionProblem | undefined {
  if (node.op === "rcall") {
    const [name, receiver, args] = node.args;
    if (name === "bind" && receiver.op === "id" && receiver.args === "cel") {
      return { at: node.start, code: "expression-bind", detail: "" };
    }
    if (name === "matches") {
      const problem = patternProblem(args[0]);
      if (problem) return problem;
    }
  }
  for (const child of childrenOf(node)) {
    const problem = refusedCall(child);
    if (problem) return problem;
  }
  return undefined;
}

function patternProblem(pattern: ASTNode | undefined): ExpressionProblem | undefined {
  if (pattern?.op !== "value" || typeof pattern.args !== "string") {
    return { at: pattern?.start ?? 0, code: "regex-literal", detail: "" };
  }
  if (pattern.args.length > maxPatternLength) {
    return { at: pattern.start, code: "regex", detail: `> ${maxPatternLength}` };
  }
  try {
    RE2JS.compile(pattern.args);
    return undefined;
  } catch (error) {
    return {
      at: pattern.start,
      code: "regex",
      detail: error instanceof Error ? error.message : String(error),
    };
  }
}

export function childrenOf(node: ASTNode): ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "list":
      return node.args;
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    default:
      return [...node.args];
  }
}
