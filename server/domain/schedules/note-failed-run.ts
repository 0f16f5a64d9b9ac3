import type { Run } from "#generated/prisma/client.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { noteNotRun } from "../notifications/note.ts";
import { storedChecks } from "./checks-to-run.ts";

/** Notes that a run of a schedule failed, unless the one before it failed as well: that was told. */
export async function noteFailedRun(tx: DatabaseTransaction, run: Run): Promise<void> {
  const { id: runId, scheduleId, teamId } = run;
  if (scheduleId === null) return;
  const schedule = await tx.schedule.findFirst({ where: { id: scheduleId, teamId } });
  if (!schedule) return;
  const [before] = await tx.$queryRaw<{ status: string }[]>`
    SELECT status FROM run WHERE "teamId" = ${teamId}::uuid AND "scheduleId" = ${scheduleId}::uuid
      AND id < ${runId}::uuid AND id >= weekbook_first_uuid_at(now() - interval '40 days')
    ORDER BY id DESC LIMIT 1`;
  if (before?.status === "failed") return;
  const { name, runbook, clusterIds } = schedule;
  const checkIds = storedChecks(schedule).map(({ id }) => id);
  await noteNotRun(tx, { teamId, scheduleId, name, why: "failed", clusterIds, checkIds, runbook, runId });
}
