import type { ScheduleDraft } from "#common/contracts/schedule.ts";
import type { Check } from "#server/checks/define-check.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { recordAudit } from "../audit/record.ts";
import { requireOnAll } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { acceptDraft } from "./accept-draft.ts";
import { scheduleDetails } from "./audit-details.ts";
import { findSchedule, holdSchedule } from "./find-schedule.ts";
import { databaseNow, notifySchedules } from "./notify.ts";
import { nextDue } from "./occurrences.ts";

type UpdateSchedule = {
  ctx: TeamContext;
  input: ScheduleDraft & { scheduleId: string };
  library?: readonly Check[];
};

/** Replaces all that a person chose. With new times, or switched on again, it goes on from now. */
export async function updateSchedule({ ctx, input, library = checks }: UpdateSchedule): Promise<void> {
  const { clusterIds } = await findSchedule(ctx, input.scheduleId);
  await requireOnAll(ctx, clusterIds, "operator");
  const accepted = await acceptDraft(ctx, input, library);
  await ctx.db.$transaction(async (tx) => {
    const before = await holdSchedule(tx, ctx, input.scheduleId);
    const { id } = before;
    const sameTimes =
      before.cron === accepted.cron &&
      before.timeZone === accepted.timeZone &&
      before.jitterSeconds === accepted.jitterSeconds;
    const due = { occurrenceAt: before.occurrenceAt, nextAt: before.nextAt };
    const never = { occurrenceAt: null, nextAt: null };
    const fresh = async () => nextDue({ id, ...accepted }, await databaseNow(tx)) ?? never;
    const next = !accepted.enabled ? never : sameTimes && before.enabled ? due : await fresh();
    await tx.schedule.update({ where: { id }, data: { ...accepted, ...next, disabledReason: null } });
    await notifySchedules(tx);
    await recordAudit(tx, ctx, {
      action: "schedule.changed",
      subject: { kind: "schedule", id, name: accepted.name },
      details: { nameBefore: before.name, ...scheduleDetails(input) },
    });
  });
}
