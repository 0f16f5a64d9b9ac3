import type { Check } from "#server/checks/define-check.ts";
import { runOne } from "./run-one.ts";

/** One check on a text. */
export function runOnDocument(check: Check, document: string, params: Record<string, unknown> = {}) {
  return runOne(check, params, { kind: "document", key: "d", name: "d" }, document);
}
