import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { type LifeRow, lifeColumns } from "./views.ts";

/** A finding of this team, also of a cluster that was removed since. */
export async function findLife(ctx: TeamContext, id: string): Promise<LifeRow> {
  const [row] = await ctx.db.$queryRaw<LifeRow[]>`
    SELECT ${lifeColumns} FROM finding_state s JOIN cluster c ON c.id = s."clusterId"
    WHERE s.id = ${id}::uuid AND s."teamId" = ${ctx.team.id}::uuid`;
  if (!row) throw new AppError("not-found", "finding-not-found");
  return row;
}
