import type { Evidence, Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { Judgement } from "../define-check.ts";
import { BudgetError, withinBudget } from "./cel-sandbox.ts";
import { toCel } from "./cel-values.ts";
import type { Expressions } from "./expressions.ts";
import type { CheckSpec } from "./spec.ts";

/** One thing the expressions are asked about. `read` is undefined where it could not be kept whole. */
export type Asked = {
  subject: Subject;
  variables: () => Record<string, unknown>;
  evidence: () => Evidence[];
  tooLarge?: boolean;
};

type Told = { findings: Finding[]; asked: number };

/** Asks each in turn. What cannot be told, of one or of all that are left, is unknown and never green. */
export function judgeAll(
  spec: CheckSpec,
  expressions: Expressions,
  { params, all }: { params: Record<string, unknown>; all: readonly Asked[] },
): Judgement & Told {
  const findings: Finding[] = [];
  let asked = 0;
  const given = paramValues(spec, params);
  try {
    withinBudget(() => {
      for (const each of all) {
        const finding = judgeOne(spec, expressions, { each, given });
        if (finding === "not-asked") continue;
        asked += 1;
        if (finding) findings.push(finding);
      }
    });
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    findings.push(ranOut(spec, { done: asked, of: all.length }));
  }
  return { findings, asked };
}

/** A parameter of type number stays one even where its value is whole. */
function paramValues(spec: CheckSpec, params: Record<string, unknown>): Map<string, unknown> {
  const isNumber = (name: string) => spec.params.find((each) => each.name === name)?.type === "number";
  return new Map(
    Object.entries(params).map(([name, value]) => [name, isNumber(name) ? value : toCel(value)]),
  );
}

function judgeOne(
  spec: CheckSpec,
  { when, expect, message }: Expressions,
  { each, given }: { each: Asked; given: Map<string, unknown> },
): Finding | "not-asked" | undefined {
  if (each.tooLarge) return untold(spec, each, "it is too large to be kept");
  const variables = { ...each.variables(), params: given };
  try {
    if (when && truth(when(variables)) === false) return "not-asked";
    if (truth(expect(variables))) return undefined;
  } catch (error) {
    if (error instanceof BudgetError) throw error;
    return untold(spec, each, summaryOf(error));
  }
  return {
    verdict: spec.verdict,
    code: spec.id,
    subject: each.subject,
    message: message?.(variables) ?? standardMessage(each.subject),
    expected: (spec.expect ?? "").slice(0, 500),
    evidence: each.evidence(),
  };
}

function truth(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new Error("the expression is neither true nor false here");
}

function standardMessage({ name }: Subject): Text {
  return { en: `${name} is not as expected.`, "zh-CN": `${name} 不符合预期。` };
}

function untold(spec: CheckSpec, { subject, evidence }: Asked, why: string): Finding {
  return {
    verdict: "unknown",
    code: `${spec.id}-untold`,
    subject,
    message: {
      en: `${subject.name}: could not be judged: ${why}.`,
      "zh-CN": `${subject.name}：无法判断：${why}。`,
    },
    evidence: evidence(),
  };
}

function ranOut(spec: CheckSpec, { done, of }: { done: number; of: number }): Finding {
  return {
    verdict: "unknown",
    code: `${spec.id}-budget`,
    subject: { kind: "check", name: spec.id },
    message: {
      en: `The expressions of this check take too many steps: ended after ${done} of ${of}.`,
      "zh-CN": `该检查的表达式步骤过多：共 ${of} 个对象，判断 ${done} 个后中止。`,
    },
  };
}

function summaryOf(error: unknown): string {
  const { summary, message } = Object(error) as { summary?: string; message?: string };
  return (summary ?? message ?? String(error)).split("\n")[0]?.slice(0, 200) ?? "";
}
