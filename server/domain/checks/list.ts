import type { CheckView } from "#common/contracts/runbook.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { describeCheck } from "./describe.ts";

/** Every check there is. The same for every team. */
export async function listChecks(): Promise<CheckView[]> {
  return checks.map(describeCheck);
}
