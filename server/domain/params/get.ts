import { type KeptParams, paramValuesSchema } from "#common/contracts/param.ts";
import type { Check } from "#server/checks/define-check.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { refusedNames } from "./resolve.ts";

type GetParams = {
  ctx: TeamContext;
  input: { checks?: string[]; cluster?: string };
  library?: readonly Check[];
};

/** What the team keeps, and where a cluster is named, what that one keeps: the team's first, then by check. */
export async function getParams({ ctx, input, library: given }: GetParams): Promise<KeptParams[]> {
  const library = given ?? (await libraryOf(ctx, ctx.team.id));
  const cluster = input.cluster === undefined ? null : await findCluster(ctx, input.cluster);
  const rows = await ctx.db.checkParams.findMany({
    where: {
      teamId: ctx.team.id,
      ...(input.checks ? { checkId: { in: input.checks } } : {}),
      OR: [{ clusterId: null }, ...(cluster ? [{ clusterId: cluster.id }] : [])],
    },
    orderBy: [{ clusterId: { sort: "asc", nulls: "first" } }, { checkId: "asc" }],
  });
  return rows.map((row) => {
    const values = paramValuesSchema.parse(row.params);
    const check = library.find((each) => each.id === row.checkId);
    return {
      check: row.checkId,
      cluster: row.clusterId === null ? null : (cluster?.slug ?? null),
      values,
      refused: check ? refusedNames(check, values) : Object.keys(values),
      updatedBy: row.updatedBy,
      updatedAt: row.updatedAt,
    };
  });
}
