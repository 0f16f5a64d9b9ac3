import type { Check } from "#server/checks/define-check.ts";
import type { HostConnector } from "#server/connectors/connector.ts";
import { createLocalHostConnector } from "#server/connectors/local-host.ts";
import { execute } from "#server/engine/execute.ts";
import type { Outcome } from "#server/engine/execution.ts";

/** One check through the engine on this machine, as a run does it. */
export function runOnThisMachine(check: Check, params: Record<string, unknown> = {}): Promise<Outcome> {
  return runOnHost(check, params, createLocalHostConnector());
}

export async function runOnHost(
  check: Check,
  params: Record<string, unknown>,
  connector: HostConnector,
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const target = { kind: "host", key: "this-machine", name: connector.name, connector } as const;
  await execute([{ key: "q", check, params: check.params.parse(params), target }], {
    scope: "test",
    signal: AbortSignal.timeout(60_000),
    // Whoever writes a test of an active check agrees to it.
    beforeActive: async () => {},
    onEvent: (event) => {
      if (event.type === "outcome") outcomes.push(event.outcome);
    },
  });
  const [outcome] = outcomes;
  if (!outcome) throw new Error("no outcome");
  return outcome;
}
