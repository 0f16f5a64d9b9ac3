import type { ASTNode, Environment } from "@marcbachmann/cel-js";
import { type ExpressionProblem, readExpression } from "./cel-environment.ts";

/** Text with expressions in braces: "{object.metadata.name} is late". `{{` and `}}` are braces. */
export type Template = (string | ASTNode)[];

type TemplateProblem = Omit<ExpressionProblem, "code"> & { code: ExpressionProblem["code"] | "template" };

export function readTemplate(
  text: string,
  types: Environment,
): { template: Template } | { problem: TemplateProblem } {
  const template: Template = [];
  let words = "";
  let at = 0;
  while (at < text.length) {
    const sign = text[at];
    if ((sign === "{" || sign === "}") && text[at + 1] === sign) {
      words += sign;
      at += 2;
    } else if (sign === "}") {
      return { problem: { at, code: "template", detail: "}" } };
    } else if (sign === "{") {
      const end = endOfExpression(text, at + 1);
      if (end === undefined) return { problem: { at, code: "template", detail: "{" } };
      const read = readExpression(text.slice(at + 1, end), types, "any");
      if ("problem" in read) return { problem: { ...read.problem, at: read.problem.at + at + 1 } };
      template.push(words, read.ast);
      words = "";
      at = end + 1;
    } else {
      words += sign;
      at += 1;
    }
  }
  template.push(words);
  return { template: template.filter((part) => part !== "") };
}

/** The brace that closes an expression, not one in a text or a map of it. */
function endOfExpression(text: string, start: number): number | undefined {
  let open = 0;
  let quote = "";
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (quote !== "") {
      if (sign === "\\") at += 1;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "{") open += 1;
    else if (sign === "}" && open === 0) return at;
    else if (sign === "}") open -= 1;
  }
  return undefined;
}
