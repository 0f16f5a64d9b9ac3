import type { ScheduleView } from "#common/contracts/schedule.ts";
import type { TeamContext } from "../context.ts";
import { toScheduleViews } from "./views.ts";

/** By name. A team has 200 at most. */
export async function listSchedules({ ctx }: { ctx: TeamContext }): Promise<ScheduleView[]> {
  const schedules = await ctx.db.schedule.findMany({
    where: { teamId: ctx.team.id },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  return toScheduleViews(ctx, schedules);
}
