import type { DrainReport } from "#common/contracts/drain.ts";
import { drainReport } from "#common/kubernetes/drain-report.ts";
import type { TeamContext } from "../context.ts";
import { readDrainFacts } from "./read-facts.ts";

/** What draining these nodes together would do, by the newest facts; null where there are none. */
export async function simulateDrain({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string; nodes: string[] };
}): Promise<DrainReport | null> {
  const read = await readDrainFacts(ctx, input.cluster);
  return read && drainReport(read.facts, input.nodes, read.ownerOf);
}
