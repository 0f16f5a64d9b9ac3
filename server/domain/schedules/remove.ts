import { requireOnAll } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { findSchedule } from "./find-schedule.ts";

/** Its past runs stay in the history. */
export async function removeSchedule({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { scheduleId: string };
}): Promise<void> {
  const { id, clusterIds } = await findSchedule(ctx, input.scheduleId);
  await requireOnAll(ctx, clusterIds, "operator");
  await ctx.db.schedule.deleteMany({ where: { id, teamId: ctx.team.id } });
}
