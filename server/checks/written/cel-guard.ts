import type { ASTNode } from "@marcbachmann/cel-js";

const loops = ["all", "exists", "exists_one", "map", "filter"];
/** What reads a text or list to its end. */
const scans = [
  "contains",
  "startsWith",
  "endsWith",
  "indexOf",
  "lastIndexOf",
  "split",
  "join",
  "sum",
  "replace",
];

/**
 * The expression again as text, fully bracketed, with a counter around whatever repeats or grows: loops pay for their
 * rounds before they begin, and patterns are matched in linear time.
 */
export function guarded(node: ASTNode): string {
  switch (node.op) {
    case "value":
      return literal(node.args);
    case "id":
      return node.args;
    case ".":
    case ".?":
      return `${guarded(node.args[0])}${node.op}${node.args[1]}`;
    case "[]":
      return `${guarded(node.args[0])}[${guarded(node.args[1])}]`;
    case "[?]":
      return `${guarded(node.args[0])}[?${guarded(node.args[1])}]`;
    case "call":
      return named(node.args[0], node.args[1].map(guarded).join(", "));
    case "rcall":
      return call(node.args);
    case "list":
      return `[${node.args.map(guarded).join(", ")}]`;
    case "map":
      return `{${node.args.map(([key, value]) => `${guarded(key)}: ${guarded(value)}`).join(", ")}}`;
    case "?:":
      return `(${guarded(node.args[0])} ? ${guarded(node.args[1])} : ${guarded(node.args[2])})`;
    case "!_":
      return `(!${guarded(node.args)})`;
    case "-_":
      return `(-${guarded(node.args)})`;
    default:
      return operation(node.op, node.args);
  }
}

/** `has` is no function but a question about the path it is given. */
function named(name: string, given: string): string {
  return name === "has" ? `has(${given})` : `guard_grown(${name}(${given}))`;
}

function operation(operator: string, [left, right]: [ASTNode, ASTNode]): string {
  const [before, after] = [guarded(left), guarded(right)];
  if (operator === "+") return `guard_grown(${before} + ${after})`;
  if (operator === "in") return `(${before} in guard_loop(${after}))`;
  if (operator === "==" || operator === "!=") return `(guard_scan(${before}) ${operator} ${after})`;
  return `(${before} ${operator} ${after})`;
}

function call([name, receiver, args]: [string, ASTNode, ASTNode[]]): string {
  const on = guarded(receiver);
  const given = args.map(guarded).join(", ");
  if (name === "matches") return `guard_matches(${on}, ${given})`;
  if (loops.includes(name)) return `guard_loop(${on}).${name}(${given})`;
  if (name === "join" || name === "split") return `guard_grown(guard_scan(${on}).${name}(${given}))`;
  if (scans.includes(name)) return `guard_scan(${on}).${name}(${given})`;
  return `${receiver.op === "id" && receiver.args === "optional" ? "optional" : on}.${name}(${given})`;
}

function literal(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") {
    const text = String(value);
    return /[.e]/.test(text) ? text.replace("e+", "e") : `${text}.0`;
  }
  if (value instanceof Uint8Array) {
    return `b"${[...value].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}"`;
  }
  if (typeof value === "object" && value !== null && "value" in value) return `${String(value.value)}u`;
  return String(value);
}

function quoted(text: string): string {
  const escaped = text.replace(/[\\"]|\p{Cc}/gu, (sign) =>
    sign === "\\" || sign === '"' ? `\\${sign}` : `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}
