import { recordAudit } from "../audit/record.ts";
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
  const { id, name, clusterIds } = await findSchedule(ctx, input.scheduleId);
  await requireOnAll(ctx, clusterIds, "operator");
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.schedule.deleteMany({ where: { id, teamId: ctx.team.id } });
    if (count === 0) return;
    await recordAudit(tx, ctx, { action: "schedule.removed", subject: { kind: "schedule", id, name } });
  });
}
