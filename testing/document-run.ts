import type { Check } from "#server/checks/define-check.ts";
import { execute } from "#server/engine/execute.ts";
import type { Outcome } from "#server/engine/execution.ts";

/** One check through the engine on a text, as a run does it. */
export async function runOnDocument(
  check: Check,
  document: string,
  params: Record<string, unknown> = {},
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const target = { kind: "document", key: "d", name: "d" } as const;
  await execute([{ key: "q", check, params: check.params.parse(params), target, document }], {
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
