import type { FindingCounts, FindingFilter } from "#common/contracts/finding.ts";
import type { FindingStatus } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { filterOf, stateNow } from "./filter.ts";

/** How many findings there are in each state: a mute takes none out of sight. */
export async function countLives({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { filter: FindingFilter };
}): Promise<FindingCounts> {
  const wanted = await filterOf(ctx, input.filter);
  const rows = await ctx.db.$queryRaw<{ state: FindingStatus; count: number }[]>`
    SELECT ${stateNow} AS state, count(*)::int AS count
    FROM finding_state s JOIN cluster c ON c.id = s."clusterId" WHERE ${wanted} GROUP BY 1`;
  const none = { open: 0, acknowledged: 0, muted: 0, resolved: 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
}
