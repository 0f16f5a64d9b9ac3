import type { DatabaseTransaction } from "#server/db.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";

/** A schedule of this team. Another team's is no different from none. */
export async function findSchedule(ctx: TeamContext, id: string) {
  const schedule = await ctx.db.schedule.findFirst({ where: { id, teamId: ctx.team.id } });
  if (!schedule) throw new AppError("not-found", "schedule-not-found");
  return schedule;
}

/** The same, held until the transaction ends: a worker passes it over meanwhile. */
export async function holdSchedule(tx: DatabaseTransaction, ctx: TeamContext, id: string) {
  await tx.$queryRaw`SELECT id FROM schedule WHERE id = ${id}::uuid AND "teamId" = ${ctx.team.id}::uuid FOR UPDATE`;
  const schedule = await tx.schedule.findFirst({ where: { id, teamId: ctx.team.id } });
  if (!schedule) throw new AppError("not-found", "schedule-not-found");
  return schedule;
}
