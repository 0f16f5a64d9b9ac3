import { type ScheduleView, scheduleOutcomeSchema, scheduleViewSchema } from "#common/contracts/schedule.ts";
import type { Schedule } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { storedChecks } from "./checks-to-run.ts";
import { describeCron } from "./cron.ts";
import { clustersLeft } from "./start-scheduled.ts";

const storedOutcome = scheduleOutcomeSchema.nullable();

/** Schedules as pages see them, with the clusters they have left and what their last runs came to. */
export async function toScheduleViews(ctx: TeamContext, schedules: Schedule[]): Promise<ScheduleView[]> {
  const clusters = await clustersLeft(
    ctx,
    schedules.flatMap(({ clusterIds }) => clusterIds),
  );
  const runs = await ctx.db.run.findMany({
    where: { teamId: ctx.team.id, id: { in: schedules.flatMap(({ lastRunId }) => lastRunId ?? []) } },
    select: { id: true, status: true, verdict: true, createdAt: true },
  });
  return schedules.map((schedule) => ({
    id: schedule.id,
    name: schedule.name,
    cron: schedule.cron,
    timeZone: schedule.timeZone,
    jitterSeconds: schedule.jitterSeconds,
    description: describeCron(schedule.cron),
    runbook: schedule.runbook,
    checks: storedChecks(schedule),
    clusters: schedule.clusterIds.flatMap((id) => {
      const cluster = clusters.find((each) => each.id === id);
      if (!cluster) return [];
      const { slug, name, practice, production } = cluster;
      return [{ slug, name, practice, production }];
    }),
    missedRule: schedule.missedRule,
    enabled: schedule.enabled,
    disabledReason: scheduleViewSchema.shape.disabledReason.parse(schedule.disabledReason),
    nextAt: schedule.nextAt,
    lastAt: schedule.lastAt,
    lastOutcome: storedOutcome.parse(schedule.lastOutcome),
    lastRun: runs.find((run) => run.id === schedule.lastRunId) ?? null,
    createdBy: schedule.createdByName,
    createdAt: schedule.createdAt,
    updatedAt: schedule.updatedAt,
  }));
}
