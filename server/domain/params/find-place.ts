import type { ParamPlace } from "#common/contracts/param.ts";
import { roleCovers } from "#common/role.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { AppError } from "#server/errors.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";

type Place = { check: Check; where: { teamId: string; checkId: string; clusterId: string | null } };

/** The check, and where its values are kept: for those who may change them there. */
export async function findPlace(
  ctx: TeamContext,
  { check: id, cluster }: ParamPlace,
  library: readonly Check[],
): Promise<Place> {
  const check = library.find((each) => each.id === id);
  if (!check) throw new AppError("not-found", "check-unknown");
  if (cluster === null && !roleCovers(ctx.role, "admin")) throw new AppError("forbidden", "forbidden");
  const clusterId = cluster === null ? null : (await findCluster(ctx, cluster, "admin")).id;
  return { check, where: { teamId: ctx.team.id, checkId: id, clusterId } };
}

/** The one row of a place, held until the transaction ends: two who change it at once change it one by one. */
export async function holdKept(tx: DatabaseTransaction, where: Place["where"]) {
  const key = `check_params ${where.teamId} ${where.checkId} ${where.clusterId}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
  return tx.checkParams.findFirst({ where });
}
