import { type ParamValues, paramValuesSchema } from "#common/contracts/param.ts";
import type { TeamContext } from "../context.ts";

export type KeptLayers = { team: ParamValues; cluster: ParamValues };
/** What is kept for a check, seen from a cluster. */
export type KeptOf = (checkId: string, clusterId: string) => KeptLayers;

/** All that the team and these clusters keep for these checks, in one look. */
export async function readKept(
  ctx: TeamContext,
  wanted: { checkIds: readonly string[]; clusterIds: readonly string[] },
): Promise<KeptOf> {
  const rows = await ctx.db.checkParams.findMany({
    where: {
      teamId: ctx.team.id,
      checkId: { in: [...new Set(wanted.checkIds)] },
      OR: [{ clusterId: null }, { clusterId: { in: [...wanted.clusterIds] } }],
    },
    select: { checkId: true, clusterId: true, params: true },
  });
  const values = new Map(
    rows.map((row) => [`${row.checkId} ${row.clusterId}`, paramValuesSchema.parse(row.params)]),
  );
  return (checkId, clusterId) => ({
    team: values.get(`${checkId} null`) ?? {},
    cluster: values.get(`${checkId} ${clusterId}`) ?? {},
  });
}
