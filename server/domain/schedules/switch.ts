import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { requireOnAll } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { holdSchedule } from "./find-schedule.ts";
import { databaseNow, notifySchedules } from "./notify.ts";
import { nextDue } from "./occurrences.ts";

/** Switches a schedule on or off. On, it goes on from now: what went by meanwhile was not missed. */
export async function switchSchedule({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { scheduleId: string; enabled: boolean };
}): Promise<void> {
  const { enabled } = input;
  await ctx.db.$transaction(async (tx) => {
    const schedule = await holdSchedule(tx, ctx, input.scheduleId);
    await requireOnAll(ctx, schedule.clusterIds, "operator");
    if (schedule.enabled === enabled) return;
    const due = enabled ? nextDue(schedule, await databaseNow(tx)) : { occurrenceAt: null, nextAt: null };
    if (!due) throw new AppError("conflict", "schedule-cron-never");
    await tx.schedule.update({ where: { id: schedule.id }, data: { enabled, disabledReason: null, ...due } });
    await notifySchedules(tx);
    await recordAudit(tx, ctx, {
      action: enabled ? "schedule.switchedOn" : "schedule.switchedOff",
      subject: { kind: "schedule", id: schedule.id, name: schedule.name },
    });
  });
}
