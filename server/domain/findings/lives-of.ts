import type { FindingView } from "#common/contracts/run.ts";
import type { TeamContext } from "../context.ts";
import { stateNow } from "./filter.ts";

type Life = NonNullable<FindingView["life"]>;

/** What findings of a run are by now, by fingerprint. */
export async function livesOf(
  ctx: TeamContext,
  run: { clusterIds: readonly string[] },
  findings: readonly { fingerprint: string }[],
): Promise<Map<string, Life>> {
  const prints = findings.map(({ fingerprint }) => fingerprint);
  const rows = await ctx.db.$queryRaw<(Life & { fingerprint: string })[]>`
    SELECT s.id, s.fingerprint, ${stateNow} AS state FROM finding_state s
    WHERE s."teamId" = ${ctx.team.id}::uuid AND s."clusterId" = ANY(${run.clusterIds}::uuid[])
      AND s.fingerprint = ANY(${prints})`;
  return new Map(rows.map(({ fingerprint, ...life }) => [fingerprint, life]));
}
