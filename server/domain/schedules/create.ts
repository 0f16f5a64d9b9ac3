import { randomUUID } from "node:crypto";
import type { ScheduleDraft } from "#common/contracts/schedule.ts";
import type { Check } from "#server/checks/define-check.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { acceptDraft } from "./accept-draft.ts";
import { scheduleDetails } from "./audit-details.ts";
import { databaseNow, notifySchedules } from "./notify.ts";
import { nextDue } from "./occurrences.ts";

const MOST_OF_A_TEAM = 200;

type CreateSchedule = { ctx: TeamContext; input: ScheduleDraft; library?: readonly Check[] };

/** A schedule of the team, whose first run is the first occurrence from now. */
export async function createSchedule({ ctx, input, library = checks }: CreateSchedule) {
  const accepted = await acceptDraft(ctx, input, library);
  const teamId = ctx.team.id;
  const id = randomUUID();
  await ctx.db.$transaction(async (tx) => {
    if ((await tx.schedule.count({ where: { teamId } })) >= MOST_OF_A_TEAM) {
      throw new AppError("too-many", "schedule-too-many", { values: { most: MOST_OF_A_TEAM } });
    }
    const due = accepted.enabled ? nextDue({ id, ...accepted }, await databaseNow(tx)) : null;
    await tx.schedule.create({
      data: {
        ...{ id, teamId, ...accepted, ...due },
        createdById: ctx.actor.type === "user" ? ctx.actor.userId : null,
        createdByName: ctx.actor.type === "nobody" ? "nobody" : ctx.actor.name,
      },
    });
    await notifySchedules(tx);
    await recordAudit(tx, ctx, {
      action: "schedule.created",
      subject: { kind: "schedule", id, name: accepted.name },
      details: scheduleDetails(input),
    });
  });
  return { scheduleId: id };
}
