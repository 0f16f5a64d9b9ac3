import type { Check } from "#server/checks/define-check.ts";
import { execute } from "#server/engine/execute.ts";
import type { Outcome } from "#server/engine/execution.ts";

type Target = Parameters<typeof execute>[0][number]["target"];

/** One check through the engine on one target, as a run does it. `document`: the text for a check that takes one. */
export async function runOne(
  check: Check,
  params: Record<string, unknown>,
  target: Target,
  document?: string,
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const question = { key: "q", check, params: check.params.parse(params), target };
  await execute([{ ...question, ...(document !== undefined && { document }) }], {
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
