import type { Check } from "#server/checks/define-check.ts";
import { checks } from "#server/checks/registry.gen.ts";
import type { TeamContext } from "../context.ts";
import { findSchedule } from "./find-schedule.ts";
import { startScheduled } from "./start-scheduled.ts";

type RunNow = {
  ctx: TeamContext;
  input: { scheduleId: string; idempotencyKey: string };
  library?: readonly Check[];
};

/** Runs it once more, by whoever asks; its own times stay as they are. */
export async function runScheduleNow({ ctx, input, library = checks }: RunNow): Promise<{ runId: string }> {
  const schedule = await findSchedule(ctx, input.scheduleId);
  const { runId } = await startScheduled(ctx, schedule, { key: input.idempotencyKey, library });
  await ctx.db.schedule.updateMany({
    where: { id: schedule.id, teamId: ctx.team.id },
    data: { lastAt: ctx.now(), lastRunId: runId },
  });
  return { runId };
}
