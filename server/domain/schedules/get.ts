import type { ScheduleView } from "#common/contracts/schedule.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { findSchedule } from "./find-schedule.ts";
import { toScheduleViews } from "./views.ts";

export async function getSchedule({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { scheduleId: string };
}): Promise<ScheduleView> {
  const [view] = await toScheduleViews(ctx, [await findSchedule(ctx, input.scheduleId)]);
  if (!view) throw new AppError("not-found", "schedule-not-found");
  return view;
}
