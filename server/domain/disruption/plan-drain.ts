import type { DrainOrderQuestion, DrainOrderReport } from "#common/contracts/drain.ts";
import { drainOrderReport } from "#common/kubernetes/drain-order-report.ts";
import type { TeamContext } from "../context.ts";
import { readDrainFacts } from "./read-facts.ts";

/** An order in which nodes can be drained with every Service up, by the newest facts; null where there are none. */
export async function planDrain({
  ctx,
  input: { cluster, ...question },
}: {
  ctx: TeamContext;
  input: DrainOrderQuestion & { cluster: string };
}): Promise<DrainOrderReport | null> {
  const read = await readDrainFacts(ctx, cluster);
  return read && drainOrderReport(read.facts, question, () => performance.now());
}
