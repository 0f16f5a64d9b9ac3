import type { ParamField } from "#common/contracts/runbook.ts";

/** What was typed, by parameter; a parameter that was not touched is absent and keeps its default. */
export type ParamDraft = Record<string, string | boolean>;

/**
 * The draft as the server takes it: numbers as numbers, empty fields left out so that the default holds. What is no
 * number is sent as it was typed, for the server to refuse at its field.
 */
export function paramsOf(fields: ParamField[], draft: ParamDraft): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const field of fields) {
    const typed = draft[field.name];
    if (typed === undefined || typed === "") continue;
    const numeric = field.type === "integer" || field.type === "number";
    const asNumber = numeric ? Number(typed) : Number.NaN;
    params[field.name] = numeric && Number.isFinite(asNumber) ? asNumber : typed;
  }
  return params;
}
