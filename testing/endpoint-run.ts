import type { Check } from "#server/checks/define-check.ts";
import type { EndpointTarget } from "#server/connectors/connector.ts";
import type { Outcome } from "#server/engine/execution.ts";
import { runOne } from "./run-one.ts";

/** One check on an endpoint, through real connectors. */
export function runOnEndpoint(
  check: Check,
  params: Record<string, unknown>,
  connectors: EndpointTarget["connectors"],
) {
  return runOne(check, params, { kind: "endpoint", key: "e", name: "e", connectors, own: [] });
}

export const codesOf = (outcome: Outcome) =>
  outcome.findings.map(
    ({ verdict, code, subject }) => `${verdict} ${code}${subject.part ? ` ${subject.part}` : ""}`,
  );
