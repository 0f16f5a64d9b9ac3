import type { Check, Needs } from "#server/checks/define-check.ts";
import { exampleParams } from "./param-fields.ts";

/**
 * What a check reads, to be shown before anybody has filled in its form: what the defaults lead to; with stand-ins
 * where a parameter has none, or where the defaults lead to nothing because what to ask is not named yet.
 */
export function shownNeeds(check: Check): Needs {
  const defaults = check.params.safeParse({});
  const needs = defaults.success ? check.needs(defaults.data) : {};
  return Object.keys(needs).length > 0 ? needs : check.needs(exampleParams(check.params));
}
