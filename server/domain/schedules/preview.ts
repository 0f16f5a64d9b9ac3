import type { SchedulePreview, ScheduleTimes } from "#common/contracts/schedule.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { acceptTimes } from "./accept-draft.ts";
import { describeCron, nextOccurrences } from "./cron.ts";

const SHOWN = 5;

/** When a schedule that is being written would run, or what is wrong with it. */
export function previewSchedule({
  ctx,
  input,
}: {
  ctx: Pick<TeamContext, "now">;
  input: ScheduleTimes;
}): SchedulePreview {
  const { accepted, fields } = acceptTimes(input);
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "invalid", { fields });
  return { description: describeCron(accepted.cron), times: nextOccurrences(accepted, ctx.now(), SHOWN) };
}
