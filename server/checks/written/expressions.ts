import type { Text } from "#common/text.ts";
import { createTypes, readExpression, subjectOf } from "./cel-environment.ts";
import { addFields, type Fields, noFields } from "./cel-paths.ts";
import { compileExpression, type Expression } from "./cel-sandbox.ts";
import { toWords } from "./cel-values.ts";
import type { CheckSpec } from "./spec.ts";
import { readTemplate, type Template } from "./template.ts";

export type Expressions = {
  when: Expression | undefined;
  expect: Expression;
  /** undefined: the check has no sentence of its own */
  message: ((variables: Record<string, unknown>) => Text) | undefined;
  /** what of the subject the expressions look at */
  fields: Fields;
};

const mostCharacters = 600;

/** Ready to be run. The spec was read and found good, so what it holds does compile. */
export function compileExpressions(spec: CheckSpec): Expressions {
  const subject = subjectOf(spec.source);
  const types = createTypes(subject, spec.params);
  const fields = noFields();
  const compiled = (text: string): Expression => {
    const read = readExpression(text, types, "bool");
    if ("problem" in read) throw new Error(read.problem.detail);
    addFields(fields, read.ast, subject);
    return compileExpression(read.ast);
  };
  const words = (text: string) => {
    const read = readTemplate(text, types);
    if ("problem" in read) throw new Error(read.problem.detail);
    for (const part of read.template) if (typeof part !== "string") addFields(fields, part, subject);
    return filled(read.template);
  };
  const { message } = spec;
  const same = message?.en === message?.["zh-CN"];
  const en = message && words(message.en);
  const zh = message && (same ? en : words(message["zh-CN"]));
  return {
    when: spec.when === undefined ? undefined : compiled(spec.when),
    expect: compiled(spec.expect ?? "true"),
    message: en && zh && ((variables) => ({ en: en(variables), "zh-CN": zh(variables) })),
    fields,
  };
}

/** A part that cannot be told leaves a dash: the sentence is not worth losing a finding for. */
function filled(template: Template): (variables: Record<string, unknown>) => string {
  const parts = template.map((part) => (typeof part === "string" ? part : compileExpression(part)));
  return (variables) => {
    const words = parts.map((part) => (typeof part === "string" ? part : told(part, variables)));
    const text = words.join("");
    return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`;
  };
}

function told(part: Expression, variables: Record<string, unknown>): string {
  try {
    return toWords(part(variables));
  } catch {
    return "–";
  }
}
