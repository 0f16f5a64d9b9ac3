import { getCluster } from "#server/domain/clusters/get.ts";
import { setBudget } from "#server/domain/clusters/set-budget.ts";
import type { TeamContext } from "#server/domain/context.ts";

type Budget = Parameters<typeof setBudget>[0]["input"]["budget"];

/** How fast a cluster may be asked. By default so fast that no test waits for its turn. */
export async function allowRequests(
  ctx: TeamContext,
  cluster: string,
  budget: Budget = { ratePerSecond: 1_000, burst: 1_000, inFlight: 8 },
): Promise<void> {
  const [connection] = (await getCluster({ ctx, input: { cluster } })).connections;
  await setBudget({ ctx, input: { cluster, connectionId: connection?.id ?? "", budget } });
}
