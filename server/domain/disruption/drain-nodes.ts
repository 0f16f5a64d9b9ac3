import type { DrainNodes } from "#common/contracts/drain.ts";
import { nodeRows } from "#common/kubernetes/drain-report.ts";
import type { TeamContext } from "../context.ts";
import { readDrainFacts } from "./read-facts.ts";

/** The nodes of a cluster as its newest facts have them; null where no check has read them yet. */
export async function drainNodes({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string };
}): Promise<DrainNodes | null> {
  const read = await readDrainFacts(ctx, input.cluster);
  if (!read) return null;
  const { source, facts } = read;
  return {
    source,
    nodes: nodeRows(facts),
    services: facts.services.length,
    budgets: facts.budgets.length,
  };
}
