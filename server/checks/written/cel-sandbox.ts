import vm from "node:vm";
import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import { celOptions } from "./cel-environment.ts";
import { guarded } from "./cel-guard.ts";
import { CelMap } from "./cel-values.ts";

/** Steps that all expressions of one judgement may take together; the same facts always take the same. */
const mostSteps = 2_000_000;
/** Characters one text may reach, and members one list may. */
const mostCharacters = 4 << 20;
const mostMembers = 200_000;
/** A judgement is ended after this even within its steps. */
const deadlineMs = 5_000;

export class BudgetError extends Error {
  override name = "BudgetError";
}

export type Expression = (variables: Record<string, unknown>) => unknown;

type Budget = { steps: number; spent: boolean };
let budget: Budget = { steps: 0, spent: true };
const patterns = new Map<string, RE2JS>();

/** Takes steps; afterwards nothing goes round any more, so whatever is being evaluated ends at once. */
function spend(steps: number): boolean {
  budget.steps -= steps;
  if (budget.steps < 0) budget.spent = true;
  return !budget.spent;
}

function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  return 1;
}

const environment = new Environment(celOptions)
  .registerVariable("object", "dyn")
  .registerVariable("output", "dyn")
  .registerVariable("response", "dyn")
  .registerVariable("params", "dyn")
  .registerFunction("guard_loop(dyn): dyn", (over: unknown) => (spend(sizeOf(over) + 1) ? over : []))
  .registerFunction("guard_grown(dyn): dyn", (value: unknown) => {
    const size = sizeOf(value);
    if (size > (typeof value === "string" ? mostCharacters : mostMembers)) budget.spent = true;
    return spend(1) ? value : typeof value === "string" ? "" : Array.isArray(value) ? [] : value;
  })
  .registerFunction("guard_scan(dyn): dyn", (value: unknown) =>
    spend(1 + sizeOf(value) / 200) ? value : typeof value === "string" ? "" : value,
  )
  .registerFunction("guard_matches(dyn, string): bool", (text: unknown, pattern: string) => {
    if (typeof text !== "string") throw new TypeError("matches() is asked of text");
    if (!spend(1 + text.length / 50)) return false;
    const known = patterns.get(pattern) ?? RE2JS.compile(pattern);
    if (patterns.size > 500) patterns.clear();
    patterns.set(pattern, known);
    return known.matcher(text).find();
  });

/** Made of a tree that was checked. What it does is counted, and it sees the variables it is given, nothing else. */
export function compileExpression(ast: ASTNode): Expression {
  const run = environment.parse(guarded(ast));
  return (variables) => {
    if (!spend(1)) throw new BudgetError();
    let value: unknown;
    try {
      value = run(new CelMap(Object.entries(variables)));
    } catch (error) {
      if (budget.spent) throw new BudgetError();
      throw error;
    }
    if (budget.spent) throw new BudgetError();
    return value;
  };
}

const context = vm.createContext(Object.create(null));
const script = new vm.Script("work()");

/** Evaluates within the budget and the deadline. Throws BudgetError, wherever the work was when it ran out. */
export function withinBudget<Result>(work: () => Result): Result {
  const before = budget;
  budget = { steps: mostSteps, spent: false };
  try {
    context.work = work;
    return script.runInContext(context, { timeout: deadlineMs }) as Result;
  } catch (error) {
    if (Object(error).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new BudgetError();
    throw error;
  } finally {
    budget = before;
    context.work = undefined;
  }
}
