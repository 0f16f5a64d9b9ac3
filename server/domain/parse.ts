import type { ZodError, z } from "zod";
import { AppError } from "../errors.ts";

/** The input as the schema makes it, or `invalid` with a sentence for each field. */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, prefix = ""): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid", "invalid", { fields: fieldsOf(parsed.error, prefix) });
}

/** Field path → key of the sentence that says what is wrong there. */
export function fieldsOf(error: ZodError, prefix = ""): Record<string, string> {
  return issueFields(error.issues, prefix);
}

/** The same of some of an error's issues. */
export function issueFields(issues: ZodError["issues"], prefix = ""): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of issues) fields[prefix + issue.path.join(".")] ??= sentenceOf(issue);
  return fields;
}

function sentenceOf(issue: ZodError["issues"][number]): string {
  const text = "origin" in issue && issue.origin === "string";
  switch (issue.code) {
    case "too_small":
      if (text) return issue.minimum === 1 ? "field-required" : "field-too-short";
      return "field-too-small";
    case "too_big":
      return text ? "field-too-long" : "field-too-big";
    case "invalid_format":
      return issue.format === "email" ? "field-email" : "field-format";
    case "invalid_type":
      return issue.message.endsWith("received undefined") ? "field-required" : "field-type";
    default:
      return "field-invalid";
  }
}
