import type { CheckView } from "#common/contracts/runbook.ts";
import type { Check } from "#server/checks/define-check.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { describeCheck } from "./describe.ts";

/** Every check there is: the product's, or those of a team's library. */
export async function listChecks({
  library = checks,
}: {
  library?: readonly Check[];
} = {}): Promise<CheckView[]> {
  return library.map(describeCheck);
}
