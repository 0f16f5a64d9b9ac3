import type { Check } from "#server/checks/define-check.ts";
import type { EndpointTarget } from "#server/connectors/connector.ts";
import { execute } from "#server/engine/execute.ts";
import type { Outcome } from "#server/engine/execution.ts";

/** One check through the engine and real connectors, as a run does it. */
export async function runOnEndpoint(
  check: Check,
  params: Record<string, unknown>,
  connectors: EndpointTarget["connectors"],
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const target: EndpointTarget = { kind: "endpoint", key: "e", name: "e", connectors, own: [] };
  await execute([{ key: "q", check, params: check.params.parse(params), target }], {
    scope: "test",
    signal: AbortSignal.timeout(60_000),
    onEvent: (event) => {
      if (event.type === "outcome") outcomes.push(event.outcome);
    },
  });
  const [outcome] = outcomes;
  if (!outcome) throw new Error("no outcome");
  return outcome;
}

export const codesOf = (outcome: Outcome) =>
  outcome.findings.map(
    ({ verdict, code, subject }) => `${verdict} ${code}${subject.part ? ` ${subject.part}` : ""}`,
  );
