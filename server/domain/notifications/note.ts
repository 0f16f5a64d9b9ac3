import type { DatabaseTransaction } from "#server/db.ts";
import { notifyNotices } from "../channels/notify.ts";

type Scheduled = {
  teamId: string;
  scheduleId: string;
  name: string;
  why: "refused" | "missed" | "disabled" | "failed";
  clusterIds: readonly string[];
  checkIds: readonly string[];
  runbook: string | null;
  runId?: string;
};

/** Notes that a schedule has not run, in the transaction in which that became so, where the team has a channel. */
export async function noteNotRun(tx: DatabaseTransaction, scheduled: Scheduled): Promise<void> {
  const { teamId, scheduleId, runId = null, name: schedule, ...about } = scheduled;
  if ((await tx.channel.count({ where: { teamId, enabled: true } })) === 0) return;
  const { why, clusterIds, checkIds, runbook } = about;
  await tx.notice.create({
    data: {
      ...{ teamId, scheduleId, runId, kind: "not_run", verdict: "unknown" },
      about: { schedule, why, clusterIds: [...clusterIds], checkIds: [...checkIds], runbook },
    },
  });
  await notifyNotices(tx);
}

/**
 * Notes which of the checks just recorded cannot be answered any more, or can again. Only those that had an answer
 * before, and not where findings of their own already say what could not be found out. `check_state` is the caller's
 * since it wrote it in this transaction, whose beginning is the time of what changed.
 */
export async function noteUnknown(
  tx: DatabaseTransaction,
  { teamId, clusterId, runId }: { teamId: string; clusterId: string; runId: string },
  resultIds: readonly string[],
): Promise<void> {
  await tx.$executeRaw`
    WITH made AS (
      INSERT INTO notice ("teamId", kind, "clusterId", "runId", "checkId", "targetName", verdict, "previousVerdict", about)
      SELECT s."teamId", (CASE WHEN s.verdict = 'unknown' THEN 'unreadable' ELSE 'readable' END)::notice_kind,
        s."clusterId", s."runId", s."checkId", r."targetName", s.verdict, s."previousVerdict",
        CASE WHEN s.verdict = 'unknown' THEN jsonb_build_object('reason',
          left(concat_ws(': ', r.reason ->> 'what', r.reason ->> 'detail'), 300)) END
      FROM result r JOIN check_state s
        ON s."clusterId" = ${clusterId}::uuid AND s."checkId" = r."checkId" AND s.target = r.target
      WHERE r."runId" = ${runId}::uuid AND r.id = ANY(${[...resultIds]}::uuid[]) AND s."resultId" = r.id
        AND s."changedAt" = now()::timestamptz(3) AND s."previousVerdict" IS NOT NULL AND (s.verdict = 'unknown') <> (s."previousVerdict" = 'unknown')
        AND s.target <> 'document' AND coalesce((s.counts ->> 'unknown')::int, 0) = 0
        AND EXISTS (SELECT FROM channel c WHERE c."teamId" = ${teamId}::uuid AND c.enabled)
      RETURNING id
    )
    SELECT pg_notify('weekbook_notice', '') FROM made LIMIT 1`;
}
