import type { CheckView } from "#common/contracts/runbook.ts";
import type { Check } from "#server/checks/define-check.ts";
import { needWords } from "#server/engine/need-words.ts";
import { permissionsOf } from "./need-permissions.ts";
import { paramFields } from "./param-fields.ts";
import { shownNeeds } from "./shown-needs.ts";

/** A check as pages show it before it is run: everything follows from its declaration. */
export function describeCheck(check: Check): CheckView {
  const params = paramFields(check.params);
  const needs = Object.values(shownNeeds(check));
  return {
    id: check.id,
    target: check.target,
    version: check.version,
    title: check.title,
    why: check.why,
    remedy: check.remedy,
    effect: check.effect,
    impact: check.impact ?? null,
    params,
    reads: [...new Set(needs.map((need) => needWords(need).what))],
    permissions: permissionsOf(needs),
    takesDocument: needs.some((need) => need.type === "document.text"),
    waiting: check.blocked?.code === "not-approved",
  };
}
